import { Extension, textInputRule } from '@tiptap/core'

/** What a quotation may open after: the block's start, a space, a bracket, a dash, another opening quote. */
const OPENS_AFTER = String.raw`(?:^|[\s\u00a0([{<\-–—“‘/])`

/**
 * Quotes, dashes and ellipses as print has them, while one types. Backspace right after takes the change back.
 * Order matters: opening quotes are tried before closing ones.
 */
export const TYPOGRAPHY_RULES: readonly { readonly find: RegExp; readonly replace: string }[] = [
  { find: new RegExp(`${OPENS_AFTER}(")$`, 'u'), replace: '“' },
  { find: /(")$/u, replace: '”' },
  // ’twas and ’90s begin with an apostrophe, but nothing tells it from a quote before the next key: as in print shops, by hand.
  { find: new RegExp(`${OPENS_AFTER}(')$`, 'u'), replace: '‘' },
  { find: /(')$/u, replace: '’' },
  { find: /(?:^|[^-])(--)$/u, replace: '—' },
  { find: /(?:^|[^.])(\.\.\.)$/u, replace: '…' },
]

export const Typography = Extension.create({
  name: 'typography',
  addInputRules: () => TYPOGRAPHY_RULES.map((rule) => textInputRule(rule)),
})
