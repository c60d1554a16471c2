import type { Editor } from '@tiptap/core'
import type { RefObject } from 'react'
import { wordCount } from '../ui/words.ts'
import { EditorToolbar } from './editor-toolbar.tsx'

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
  return (
    <footer className="sw-beat-footer">
      <p>
        <span>
          {here === 0 ? 'No words' : wordCount(here)}
          <span className="sw-footer-here">{here === 0 ? ' here yet' : ' here'}</span>
        </span>
        <span className="sw-footer-story">{story === 0 ? '' : `${wordCount(story)} in the story`}</span>
      </p>
      {withToolbar && <EditorToolbar editor={editor} innerRef={toolbar} />}
    </footer>
  )
}
