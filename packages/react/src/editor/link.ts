import { isAllowedHref } from '@storyweave/prose'
import { InputRule, Mark, markPasteRule, mergeAttributes } from '@tiptap/core'
import { Plugin } from '@tiptap/pm/state'

declare module '@tiptap/core' {
  interface Commands<ReturnType> {
    link: {
      readonly setLink: (attributes: { readonly href: string }) => ReturnType
      readonly unsetLink: () => ReturnType
    }
  }
}

/** An address as it stands in prose: without the punctuation that ends its sentence. */
const ADDRESS = String.raw`https?:\/\/[^\s<>"“”]*[^\s<>"“”.,;:!?)\]’']`
const JUST_TYPED = new RegExp(String.raw`(?:^|\s)(${ADDRESS})[.,;:!?)\]’”']*\s$`)
const PASTED = new RegExp(ADDRESS, 'g')
const ALONE = new RegExp(`^${ADDRESS}$`)

/** The address that the last typed space or line end has completed. */
export const addressJustTyped = (before: string): string | undefined => JUST_TYPED.exec(before)?.[1]

/** The address that a text is, and nothing else. */
export function addressAlone(text: string): string | undefined {
  const trimmed = text.trim()
  return ALONE.test(trimmed) ? trimmed : undefined
}

/** A link. Tiptap's own brings a list of every domain there is; here an address is what begins with http. */
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
        handler: ({ state: { tr }, range, match }) => {
          const address = addressJustTyped(match[0])
          if (address === undefined) return null
          const from = range.from + match[0].indexOf(address)
          tr.insertText(match[0].slice(-1), range.to)
          tr.addMark(from, from + address.length, this.type.create({ href: address }))
          tr.removeStoredMark(this.type)
          return undefined
        },
      }),
    ]
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
