import { HEADING_LEVELS, isAllowedHref } from '@storyweave/prose'
import type { Extensions } from '@tiptap/core'
import StarterKit from '@tiptap/starter-kit'
import { Typography } from './typography.ts'

/** What the text may hold: the same schema as the server's, which a test compares. */
export const proseSchema: Extensions = [
  StarterKit.configure({
    code: false,
    codeBlock: false,
    underline: false,
    heading: { levels: [...HEADING_LEVELS] },
    link: { isAllowedUri: isAllowedHref, openOnClick: 'whenNotEditable', defaultProtocol: 'https' },
    dropcursor: { color: 'var(--sw-accent)', width: 2 },
    // History is each writer's own, by Yjs; a paragraph added by every open editor would multiply.
    undoRedo: false,
    trailingNode: false,
  }),
]

/** The schema, and how one writes in it. */
export const proseExtensions: Extensions = [...proseSchema, Typography]
