// @vitest-environment happy-dom
import { ClientFault } from '@storyweave/client'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, expect, test } from 'vitest'
import { Board } from './board/index.ts'
import { Chat } from './chat/index.ts'
import { Threads } from './comments/index.ts'
import { faultStrings } from './faults/strings.ts'
import { Bell, Inbox } from './inbox/index.ts'
import {
  CollaborativeEditor,
  FollowStrip,
  KeptWords,
  LockBadge,
  LockQuestions,
  LockStrip,
  SaveStatus,
  StoryRoom,
  StoryWeaveProvider,
  UserPresence,
  useAction,
  useFollow,
  usePresence,
} from './index.ts'
import { PeoplePanel, ShareDialog } from './sharing/index.ts'
import { createTestRoom, type TestPerson, type TestRoom } from './testing/index.ts'
import { pressEverything, STRINGS, settled } from './testing-words.ts'

/** What people have written here is Greek: whatever is Latin is the kit's. */
const PEOPLE = ['Άντα', 'Μπεν', { name: 'Κλειώ', role: 'viewer' as const }]
const BEATS = [
  {
    title: 'Ομίχλη',
    act: 'Ένα',
    goal: 'Φεύγω',
    scenes: [{ title: 'Λιμάνι', text: 'Βρέχει.\n\nΦυσάει.' }, ''],
  },
  { title: '', scenes: [] },
  { title: 'Νύχτα', act: 'Δύο', scenes: ['Σιωπή.'] },
]

let made: TestRoom
afterEach(() => {
  cleanup()
  made.close()
})

/** All of the kit as one person has it before them, with its words in brackets. */
async function show(person: TestPerson, children: ReactNode) {
  render(
    <StoryWeaveProvider {...person.provider} strings={STRINGS}>
      <StoryRoom storyId={1}>{children}</StoryRoom>
    </StoryWeaveProvider>,
  )
  await settled(made)
}

const Idle = () => <UserPresence users={[{ user_id: 2, user_name: 'Μπεν', idle: true }]} currentUserId={1} />
const Faces = () => <UserPresence users={usePresence()} currentUserId={1} onGoTo={() => {}} />
const Following = () => {
  const following = useFollow()
  return (
    <>
      <button type="button" aria-label="φ" onClick={() => following.follow(2)} />
      <FollowStrip following={following} />
    </>
  )
}

/** A room in which something has happened. */
async function livelyRoom() {
  made = createTestRoom({ people: PEOPLE, beats: BEATS, title: 'Ιστορία' })
  const ben = made.person('Μπεν').room
  await made.pass()
  ben.createComment({ beat_id: 1, content: 'Πολύ;' })
  ben.sendChat('Καλησπέρα')
  await made.pass()
  return { ada: made.person('Άντα'), ben }
}

test('strings: the editor shows no word that can’t be replaced, whatever is pressed', async () => {
  const { ada, ben } = await livelyRoom()
  const locked = ben.lockBeat(3)
  await made.pass()
  await locked
  await show(
    ada,
    <>
      <Faces />
      <Idle />
      <SaveStatus />
      <KeptWords />
      <Following />
      <LockQuestions />
      <LockBadge beatId={3} />
      <CollaborativeEditor beatId={1} above={<LockStrip beatId={1} />} />
      <CollaborativeEditor beatId={2} />
      <CollaborativeEditor beatId={3} above={<LockStrip beatId={3} />} />
    </>,
  )
  expect(await pressEverything(made)).toEqual([])
})

test('strings: the board shows no word that can’t be replaced, whatever is pressed', async () => {
  const { ada } = await livelyRoom()
  await show(ada, <Board />)
  expect(await pressEverything(made)).toEqual([])
})

test('strings: chat, comments and notifications show no word that can’t be replaced', async () => {
  const { ada, ben } = await livelyRoom()
  ada.room.createComment({ beat_id: 1, content: 'Ίσως' })
  await made.pass()
  const mine = ada.room
  await mine.openThreads()
  const id = mine.getSnapshot().threads.threads.find(({ first }) => first.user_id === 1)?.first.id ?? 0
  ben.createComment({ parent_comment_id: id, content: 'Ναι' })
  ben.setTyping('chat')
  await made.pass()
  await show(
    ada,
    <>
      <Bell />
      <Inbox mail onGoTo={() => {}} />
      <Chat />
      <Threads beatId={1} />
    </>,
  )
  expect(await pressEverything(made)).toEqual([])
})

test('strings: sharing shows no word that can’t be replaced, whatever is pressed', async () => {
  const { ada } = await livelyRoom()
  await show(
    ada,
    <>
      <PeoplePanel onShare={() => {}} />
      <ShareDialog open onOpenChange={() => {}} />
    </>,
  )
  expect(await pressEverything(made)).toEqual([])
})

test('strings: who may only read, and who is offline, is told in words that can be replaced', async () => {
  await livelyRoom()
  const reader = made.person('Κλειώ')
  await show(
    reader,
    <>
      <SaveStatus />
      <CollaborativeEditor beatId={1} above={<LockStrip beatId={1} />} />
      <Chat />
      <Threads />
      <PeoplePanel />
      <ShareDialog open onOpenChange={() => {}} />
    </>,
  )
  expect(await pressEverything(made)).toEqual([])
  reader.goOffline()
  await settled(made)
  expect(await pressEverything(made)).toEqual([])
})

test('strings: words that were refused are told of in words that can be replaced', async () => {
  const { ada, ben } = await livelyRoom()
  const Failing = () => {
    const { run } = useAction(() =>
      Promise.reject(new ClientFault('too_large', 'chatTooLong', [4_000, 4_001])),
    )
    return <button type="button" aria-label="φ" onClick={run} />
  }
  await show(
    ada,
    <>
      <KeptWords />
      <CollaborativeEditor beatId={1} />
      <Failing />
    </>,
  )
  ada.goOffline()
  await settled(made)
  fireEvent.input(screen.getByDisplayValue('Ομίχλη'), { target: { value: 'Ομίχλη!' } })
  const locked = ben.lockBeat(1)
  await made.pass()
  await locked
  ada.goOnline()
  await made.pass(2_000)
  await settled(made)
  expect(document.querySelector('.sw-refused')?.textContent).toContain(`⟦${faultStrings.beatLocked}⟧`)
  fireEvent.click(screen.getByRole('button', { name: 'φ' }))
  await settled(made)
  const told = faultStrings.chatTooLong(4_000, 4_001)
  expect(document.querySelector('.sw-toasts')?.textContent).toContain(`⟦${told}⟧`)
  expect(await pressEverything(made)).toEqual([])
})
