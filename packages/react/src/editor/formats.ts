import type { Editor } from '@tiptap/core'
import { Asterisk, Bold, Heading2, Italic, List, type LucideIcon, TextQuote } from 'lucide-react'
import type { FormatName } from './strings.ts'

export interface Format {
  readonly name: FormatName
  /** As Tiptap writes key names; undefined where there are none. */
  readonly keys?: string
  readonly Icon: LucideIcon
  /** On and off, or something put in. */
  readonly toggles: boolean
  readonly isActive: (editor: Editor) => boolean
  readonly run: (editor: Editor) => void
}

const HEADING = { level: 2 } as const

/** The formats of the toolbar, in its order. */
export const FORMATS: readonly Format[] = [
  {
    name: 'bold',
    keys: 'Mod+B',
    Icon: Bold,
    toggles: true,
    isActive: (editor) => editor.isActive('bold'),
    run: (editor) => editor.chain().focus().toggleBold().run(),
  },
  {
    name: 'italic',
    keys: 'Mod+I',
    Icon: Italic,
    toggles: true,
    isActive: (editor) => editor.isActive('italic'),
    run: (editor) => editor.chain().focus().toggleItalic().run(),
  },
  {
    name: 'heading',
    keys: 'Mod+Alt+2',
    Icon: Heading2,
    toggles: true,
    isActive: (editor) => editor.isActive('heading'),
    run: (editor) => editor.chain().focus().toggleHeading(HEADING).run(),
  },
  {
    name: 'quote',
    keys: 'Mod+Shift+B',
    Icon: TextQuote,
    toggles: true,
    isActive: (editor) => editor.isActive('blockquote'),
    run: (editor) => editor.chain().focus().toggleBlockquote().run(),
  },
  {
    name: 'list',
    keys: 'Mod+Shift+8',
    Icon: List,
    toggles: true,
    isActive: (editor) => editor.isActive('bulletList'),
    run: (editor) => editor.chain().focus().toggleBulletList().run(),
  },
  {
    name: 'break',
    Icon: Asterisk,
    toggles: false,
    isActive: () => false,
    run: (editor) => editor.chain().focus().setHorizontalRule().run(),
  },
]
