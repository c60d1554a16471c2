import { useEvent } from '../hooks/use-event.ts'
import { useStrings } from '../provider/strings.ts'
import { useWeave } from '../provider/weave.ts'
import { editorStrings } from './strings.ts'

/** Puts text into the clipboard, and says whether it is there. */
export function useCopy(copied: string): (text: string) => void {
  const words = useStrings('editor', editorStrings)
  const { toasts } = useWeave()
  return useEvent((text) => {
    navigator.clipboard.writeText(text).then(
      () => toasts.say(copied),
      () => toasts.complain(words.notCopied),
    )
  })
}
