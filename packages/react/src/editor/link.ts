import { isAllowedHref } from '@storyweave/prose'
import { InputRule, Mark, markPasteRule, mergeAttributes } from '@tiptap/core'
import type { MarkType } from '@tiptap/pm/model'
import { Plugin, type Transaction } from '@tiptap/pm/state'
import { hrefOf } from './href.ts'

declare module '@tiptap/core' {
  interface Commands<ReturnType> {
    link: {
      readonly setLink: (attributes: { readonly href: string }) => ReturnType
      readonly unsetLink: () => ReturnType
    }
  }
}

/** An address as it stands in prose: without the punctuation that ends its sentence. */
const REST = String.raw`[^\s<>"“”]*[^\s<>"“”.,;:!?)\]’']`
const ADDRESS = String.raw`https?:\/\/${REST}`
/**
 * An address without its scheme. In a novel a word after a full stop is mostly a space that was forgotten
 * (“the end.The”, “fin.de”), and a link that nobody asked for is worse than one to be made by hand: so it begins with
 * www, or ends in a domain that is no word, in small letters, or goes on with a path behind a country’s two.
 */
const LABELS = String.raw`(?:[A-Za-z\d](?:[A-Za-z\d-]*[A-Za-z\d])?\.)+`
const NO_WORDS = 'com|org|net|edu|gov|info|eu|uk|fr|ch|nl|pl|cz|dk|jp'
const PATH = String.raw`\/(?:${REST})?`
const BARE = String.raw`(?:www\.${LABELS}[a-z]{2,}|${LABELS}(?:${NO_WORDS}))(?:${PATH})?|${LABELS}[a-z]{2}${PATH}`
const JUST_TYPED = new RegExp(String.raw`(?:^|\s)(${ADDRESS}|${BARE})[.,;:!?)\]’”']*[^\S\n]$`)
const PASTED = new RegExp(ADDRESS, 'g')
const ALONE = new RegExp(`^${ADDRESS}$`)

/** The address that the last typed space has completed, as it was typed. */
export const addressJustTyped = (before: string): string | undefined => JUST_TYPED.exec(before)?.[1]

/** Makes a link of the address that ends `text`, which begins at `start`; false where there is none. */
function markAddress(tr: Transaction, type: MarkType, start: number, text: string): boolean {
  const address = addressJustTyped(text)
  if (address === undefined) return false
  const from = start + text.lastIndexOf(address)
  // A link that was made by hand leads where it was told to.
  if (tr.doc.rangeHasMark(from, from + address.length, type)) return false
  tr.addMark(from, from + address.length, type.create({ href: hrefOf(address) ?? address }))
  tr.removeStoredMark(type)
  return true
}

/** The address that a text is, and nothing else. */
export function addressAlone(text: string): string | undefined {
  const trimmed = text.trim()
  return ALONE.test(trimmed) ? trimmed : undefined
}

/** A link. Tiptap's own brings a list of every domain there is; here an address is what looks like one to a reader of prose. */
export const Link = Mark.create({
  name: 'link',
  priority: 1000,
  keepOnSplit: false,
  exitable: true,
  inclusive: true,

  addAttributes() {
    return {
      href: { default: null },
      target: { default: '_blank' },
      rel: { default: 'noopener noreferrer nofollow' },
      class: { default: null },
      title: { default: null },
    }
  },

  parseHTML() {
    const allowed = (element: HTMLElement) => isAllowedHref(element.getAttribute('href') ?? '') && null
    return [{ tag: 'a[href]', getAttrs: allowed }]
  },

  renderHTML({ HTMLAttributes }) {
    const href: unknown = HTMLAttributes['href']
    const isAllowed = typeof href === 'string' && isAllowedHref(href)
    return ['a', mergeAttributes(HTMLAttributes, isAllowed ? {} : { href: '' }), 0]
  },

  addCommands() {
    return {
      setLink:
        ({ href }) =>
        ({ chain }) =>
          isAllowedHref(href) && chain().setMark(this.name, { href }).run(),
      unsetLink:
        () =>
        ({ chain }) =>
          chain().unsetMark(this.name, { extendEmptyMarkRange: true }).run(),
    }
  },

  addInputRules() {
    return [
      new InputRule({
        find: JUST_TYPED,
        handler: ({ state: { tr }, range, match }) =>
          markAddress(tr, this.type, range.from, match[0]) ? undefined : null,
      }),
    ]
  },

  addKeyboardShortcuts() {
    return {
      // An input rule that takes part in Enter keeps it from beginning a line.
      Enter: ({ editor: { state, view } }) => {
        const { $from, empty } = state.selection
        const before = $from.parent.textBetween(0, $from.parentOffset, undefined, '\ufffc')
        const { tr } = state
        if (empty && markAddress(tr, this.type, $from.start(), `${before} `)) view.dispatch(tr)
        return false
      },
    }
  },

  addPasteRules() {
    return [markPasteRule({ find: PASTED, type: this.type, getAttributes: ([href]) => ({ href }) })]
  },

  addProseMirrorPlugins() {
    return [
      new Plugin({
        props: {
          // An address over selected words makes them a link.
          handlePaste: (view, event) => {
            const href = addressAlone(event.clipboardData?.getData('text/plain') ?? '')
            return href !== undefined && !view.state.selection.empty && this.editor.commands.setLink({ href })
          },
        },
      }),
    ]
  },
})
