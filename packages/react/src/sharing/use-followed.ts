import { useEffect, useRef, useState } from 'react'
import { useEvent } from '../hooks/use-event.ts'

export interface Followed<Answer> {
  /** The newest answer; it stays while a newer one is asked for, and where asking fails. */
  readonly answer: Answer | undefined
  /** Why there is no newer one. */
  readonly error: unknown
  /** Asks again; resolves when the answer is there, or why there is none. */
  readonly reload: () => Promise<void>
}

/** What `load` answers, asked for again whenever `key` changes and whenever somebody comes back to the window. */
export function useFollowed<Answer>(load: () => Promise<Answer>, key: string): Followed<Answer> {
  const [shown, setShown] = useState<Pick<Followed<Answer>, 'answer' | 'error'>>(NOTHING_YET)
  const newest = useRef(0)
  const reload = useEvent(async () => {
    newest.current += 1
    const mine = newest.current
    // The later question has the newer answer, whichever comes first.
    const isNewest = () => mine === newest.current
    try {
      const answer = await load()
      if (isNewest()) setShown({ answer, error: undefined })
    } catch (error) {
      if (isNewest()) setShown(({ answer }) => ({ answer, error }))
    }
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when to ask again.
  useEffect(() => {
    void reload()
  }, [reload, key])
  useEffect(() => {
    const ask = () => void reload()
    window.addEventListener('focus', ask)
    return () => window.removeEventListener('focus', ask)
  }, [reload])
  return { ...shown, reload }
}

const NOTHING_YET = { answer: undefined, error: undefined }
