import type { Node } from '@tiptap/pm/model'
import { readBlocks } from './markdown-reader.ts'
import { tokenize } from './markdown-syntax.ts'
import { writeBlocks } from './markdown-writer.ts'
import { documentOf, isEmptyDocument } from './schema.ts'

/**
 * A scene's Markdown as its document. CommonMark and `~~strike~~`; a thematic break is a horizontal rule.
 * Never refuses and loses no word: HTML other than `<br>`, code and reference definitions are read as text,
 * headings deeper than the schema's as its deepest, pictures as links, and a link elsewhere than to http,
 * https or mailto as its words.
 */
export const parseMarkdown = (text: string): Node => documentOf(readBlocks(tokenize(text)))

/**
 * A scene's document as Markdown that reads as the same document. An empty document is an empty text, an
 * empty paragraph among others is `<br>`. Beyond Markdown, and so not kept: an ordered list's `type`, a
 * link's `target`, `rel` and `class`, and control characters, which become spaces.
 */
export const serializeMarkdown = (doc: Node): string =>
  isEmptyDocument(doc) ? '' : writeBlocks(doc.children)
