import { useDraft } from '../compose/use-draft.ts'
import { useEvent } from '../hooks/use-event.ts'

export interface RefusedTitles {
  /** Oldest first, each once. */
  readonly titles: readonly string[]
  readonly keep: (title: string) => void
  readonly remove: (title: string) => void
}

/** Titles of a scene that the server did not take, kept on this device until their writer is done with them. */
export function useRefusedTitles(sceneId: number): RefusedTitles {
  // A title is one line.
  const [kept, setKept] = useDraft(`scene.${sceneId}.refused`)
  const titles = kept.split('\n').filter((title) => title !== '')
  const without = (title: string) => titles.filter((one) => one !== title)
  return {
    titles,
    keep: useEvent((title) => setKept([...without(title), title].join('\n'))),
    remove: useEvent((title) => setKept(without(title).join('\n'))),
  }
}
