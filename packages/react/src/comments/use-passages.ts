import type { SceneSummary } from '@storyweave/protocol'
import type { Editor } from '@tiptap/core'
import { useEffect } from 'react'
import type { XmlFragment } from 'yjs'
import { editorStrings } from '../editor/strings.ts'
import { useRoomView } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { useWeave } from '../provider/weave.ts'

interface PassagesOf {
  readonly beatId: number
  readonly scene: SceneSummary
  readonly fragment: XmlFragment
}

/** Lights up what is commented on in a scene. Its code and the threads come when the text is there already. */
export function usePassages(editor: Editor | undefined, { beatId, scene, fragment }: PassagesOf): void {
  const { room, goTo } = useRoomView()
  const { toasts, strings: all } = useWeave()
  const strings = all['comments']
  const { commentsFailed } = useStrings('editor', editorStrings)
  const { id: sceneId, key: sceneKey } = scene
  useEffect(() => {
    if (editor === undefined) return
    let stop: (() => void) | undefined
    let wanted = true
    import('./passage-keeper.ts').then(
      ({ keepPassages }) => {
        if (!wanted || editor.isDestroyed) return
        stop = keepPassages(editor, { room, goTo, toasts, strings, beatId, sceneId, sceneKey, fragment })
      },
      () => toasts.complain(commentsFailed),
    )
    return () => {
      wanted = false
      stop?.()
    }
  }, [editor, room, goTo, toasts, strings, beatId, sceneId, sceneKey, fragment, commentsFailed])
}
