import type { Editor } from '@tiptap/core'
import type { RefObject } from 'react'
import { useStrings } from '../provider/strings.ts'
import { EditorToolbar } from './editor-toolbar.tsx'
import { editorStrings } from './strings.ts'

interface BeatFooterProps {
  /** Words in this beat. */
  readonly here: number
  /** Words in the whole story. */
  readonly story: number
  /** The editor that was written in last. */
  readonly editor: Editor | undefined
  readonly toolbar: RefObject<HTMLDivElement | null>
  readonly withToolbar: boolean
}

export function BeatFooter({ here, story, editor, toolbar, withToolbar }: BeatFooterProps) {
  const words = useStrings('editor', editorStrings)
  return (
    <footer className="sw-beat-footer">
      <p>
        <span>
          {words.wordsHere(here)}
          <span className="sw-footer-here">{words.wordsHereEnd(here)}</span>
        </span>
        <span className="sw-footer-story">{words.wordsInStory(story)}</span>
      </p>
      {withToolbar && <EditorToolbar editor={editor} innerRef={toolbar} />}
    </footer>
  )
}
