import { act, fireEvent } from '@testing-library/react'
import { vi } from 'vitest'
import { arrangeStrings } from './arrange/strings.ts'
import { boardStrings } from './board/strings.ts'
import { chatStrings } from './chat/strings.ts'
import { commentStrings } from './comments/strings.ts'
import { composeStrings } from './compose/strings.ts'
import { dateStrings } from './dates/strings.ts'
import { drawerStrings } from './drawer/strings.ts'
import { editorStrings } from './editor/strings.ts'
import { faultStrings } from './faults/strings.ts'
import { followStrings } from './follow/strings.ts'
import { inboxStrings } from './inbox/strings.ts'
import { lockStrings } from './locks/strings.ts'
import { peopleStrings } from './people/strings.ts'
import { saveStrings } from './save/strings.ts'
import { sharingStrings } from './sharing/strings.ts'
import type { TestRoom } from './testing/index.ts'
import { uiStrings } from './ui/strings.ts'

const OWN = {
  arrange: arrangeStrings,
  board: boardStrings,
  chat: chatStrings,
  comments: commentStrings,
  compose: composeStrings,
  dates: dateStrings,
  drawer: drawerStrings,
  editor: editorStrings,
  faults: faultStrings,
  follow: followStrings,
  inbox: inboxStrings,
  locks: lockStrings,
  people: peopleStrings,
  save: saveStrings,
  sharing: sharingStrings,
  ui: uiStrings,
}

/** The kit's words, each between brackets: what stands outside of them on the page was written into a component. */
function bracketed(words: unknown): unknown {
  if (typeof words === 'string') return words === '' ? '' : `⟦${words}⟧`
  if (typeof words === 'function')
    return (...of: readonly unknown[]) => bracketed((words as (...of: readonly unknown[]) => unknown)(...of))
  if (typeof words !== 'object' || words === null) return words
  return Object.fromEntries(Object.entries(words).map(([name, word]) => [name, bracketed(word)]))
}
export const STRINGS = bracketed(OWN) as Record<keyof typeof OWN, Record<string, unknown>>

function outside(text: string): string {
  let depth = 0
  let out = ''
  for (const letter of text) {
    if (letter === '⟦') depth++
    else if (letter === '⟧') depth--
    else if (depth === 0) out += letter
  }
  return out
}

/** What the test room says of a route that it does not have: the kit asks for none. */
const UNANSWERED = 'The test’s server has no'
/** Of somebody who is invited: no address is Greek. */
const ADDRESS = 'a@example.org'
const SAID = [
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'aria-valuetext',
  'title',
  'placeholder',
  'alt',
]

/** The words on the page that are in no table, and questions without an answer. */
function leaks(): readonly string[] {
  const said = [...document.body.querySelectorAll('*')].flatMap((element) => [
    ...[...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent ?? ''),
    ...SAID.map((name) => element.getAttribute(name) ?? ''),
  ])
  const unreplaced = said
    .map((text) => outside(text).replace(ADDRESS, ''))
    .filter((text) => /\p{Script=Latin}/u.test(text))
  return [...new Set([...unreplaced, ...said.filter((text) => text.includes(UNANSWERED))])]
}

export async function settled(room: TestRoom) {
  await act(async () => {
    await vi.dynamicImportSettled()
  })
  await room.pass()
}

const CONTROLS = 'button, [role="menuitem"], [role="menuitemradio"], [role="switch"], summary'

/** What stands behind one button of a question is behind the other at another time. */
const PRESSES = 3

/** Presses every control there is, and those that come by it; what is said meanwhile is looked at. */
export async function pressEverything(room: TestRoom): Promise<readonly string[]> {
  const pressed = new Map<string, number>()
  const times = (control: HTMLElement) => pressed.get(nameOf(control)) ?? 0
  const found = new Set(leaks())
  for (;;) {
    for (const field of document.querySelectorAll<HTMLInputElement>('input[type="email"]'))
      field.value = ADDRESS
    const [next] = [...document.querySelectorAll<HTMLElement>(CONTROLS)]
      .reverse()
      .filter((control) => times(control) < PRESSES && !control.matches(':disabled'))
      .sort((one, other) => times(one) - times(other))
    if (next === undefined) return [...found]
    pressed.set(nameOf(next), times(next) + 1)
    fireEvent.click(next)
    await settled(room)
    for (const text of leaks()) found.add(text)
  }
}

const nameOf = (control: HTMLElement) =>
  `${control.className} ${control.getAttribute('aria-label') ?? control.textContent}`
