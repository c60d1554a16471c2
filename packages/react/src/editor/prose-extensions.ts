import { HEADING_LEVELS } from '@storyweave/prose'
import type { Extensions } from '@tiptap/core'
import { Blockquote } from '@tiptap/extension-blockquote'
import { Bold } from '@tiptap/extension-bold'
import { Document } from '@tiptap/extension-document'
import { HardBreak } from '@tiptap/extension-hard-break'
import { Heading } from '@tiptap/extension-heading'
import { HorizontalRule } from '@tiptap/extension-horizontal-rule'
import { Italic } from '@tiptap/extension-italic'
import { BulletList } from '@tiptap/extension-list/bullet-list'
import { ListItem } from '@tiptap/extension-list/item'
import { ListKeymap } from '@tiptap/extension-list/keymap'
import { OrderedList } from '@tiptap/extension-list/ordered-list'
import { Paragraph } from '@tiptap/extension-paragraph'
import { Strike } from '@tiptap/extension-strike'
import { Text } from '@tiptap/extension-text'
import { Dropcursor } from '@tiptap/extensions/drop-cursor'
import { Gapcursor } from '@tiptap/extensions/gap-cursor'
import { Link } from './link.ts'
import { Typography } from './typography.ts'

/** What the text may hold: the same schema as the server's, which a test compares. */
export const proseSchema: Extensions = [
  Document,
  Paragraph,
  Text,
  Heading.configure({ levels: [...HEADING_LEVELS] }),
  Blockquote,
  BulletList,
  OrderedList,
  ListItem,
  HardBreak,
  HorizontalRule,
  Link,
  Bold,
  Italic,
  Strike,
]

/** The schema, and how one writes in it. History is each writer's own, by Yjs. */
export const proseExtensions: Extensions = [
  ...proseSchema,
  ListKeymap,
  Dropcursor.configure({ color: 'var(--sw-accent)', width: 2 }),
  Gapcursor,
  Typography,
]
