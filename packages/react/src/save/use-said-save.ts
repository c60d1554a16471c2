import type { ConnectionStatus, SaveStatus, StoryRoomSnapshot } from '@storyweave/client'
import { useState } from 'react'
import type { saveStrings } from './strings.ts'

interface Said {
  /** `over`: everything is saved again, which stands until something is written. */
  readonly phase: 'calm' | 'trouble' | 'over'
  readonly words: string
}

const CALM: Said = { phase: 'calm', words: '' }

export interface SaidSave {
  readonly state: SaveStatus['state']
  readonly connection: ConnectionStatus['state']
  readonly keptOn: StoryRoomSnapshot['keptOn']
}

/** For who hears the page: only that words are not on the server, and why, and that they are again. No counts. */
export function useSaidSave(words: typeof saveStrings, now: SaidSave): string {
  const [said, setSaid] = useState(CALM)
  const next = saidNext(said, words, now)
  if (next.phase !== said.phase || next.words !== said.words) setSaid(next)
  return next.words
}

export function saidNext(said: Said, words: typeof saveStrings, now: SaidSave): Said {
  // On the way to the server nothing is decided, at the first time or at another.
  if (now.connection === 'idle' || now.connection === 'connecting') return said
  const trouble = troubleOf(words, now)
  if (trouble !== undefined) return { phase: 'trouble', words: trouble }
  if (now.state === 'saved')
    return said.phase === 'trouble' ? { phase: 'over', words: words.savedAgain } : said
  return said.phase === 'trouble' ? { phase: 'trouble', words: '' } : CALM
}

function troubleOf(words: typeof saveStrings, { state, connection, keptOn }: SaidSave): string | undefined {
  if (connection === 'ended') return words.ended
  if (state === 'not_saved') return words.notSaved + words.notSavedLong
  if (connection === 'connected' && state !== 'offline') return undefined
  return words.offline + (keptOn === 'memory' ? words.offlineMemoryLong : words.offlineLong)
}
