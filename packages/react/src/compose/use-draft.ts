import { useCallback, useState } from 'react'
import { REMEMBERED_PREFIX } from '../provider/remembered-story.ts'
import { useRoom } from '../provider/room.ts'
import { useWeave } from '../provider/weave.ts'

/** Words begun and not sent yet, kept on this device: they outlive a closed panel and a reload. */
export function useDraft(name: string): readonly [text: string, setText: (text: string) => void] {
  const { me } = useWeave()
  const { storyId } = useRoom()
  const key = `${REMEMBERED_PREFIX}${me?.user_id ?? 0}.draft.${storyId}.${name}`
  const [draft, setDraft] = useState(() => ({ key, text: read(key) }))
  const shown = draft.key === key ? draft : { key, text: read(key) }
  if (shown !== draft) setDraft(shown)
  const setText = useCallback(
    (text: string) => {
      setDraft({ key, text })
      write(key, text)
    },
    [key],
  )
  return [shown.text, setText]
}

function read(key: string): string {
  try {
    return localStorage.getItem(key) ?? ''
  } catch {
    // Storage is switched off: a draft lasts as long as its field.
    return ''
  }
}

function write(key: string, text: string): void {
  try {
    if (text === '') localStorage.removeItem(key)
    else localStorage.setItem(key, text)
  } catch {
    // Storage is full or switched off: a draft lasts as long as its field.
  }
}
