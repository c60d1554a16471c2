import { clientSentences } from '@storyweave/client'
import type { ErrorCode, FaultDetails } from '@storyweave/protocol'

function waitingTime(ms: number | undefined): string {
  if (ms === undefined) return 'a minute'
  const seconds = Math.max(1, Math.ceil(ms / 1000))
  if (seconds < 90) return seconds === 1 ? 'a second' : `${seconds} seconds`
  return `${Math.ceil(seconds / 60)} minutes`
}

/** What went wrong: the client's own refusals by name, the server's by their code. */
export const faultStrings = {
  ...clientSentences,
  unknown: 'Something went wrong here. Try it again; if it stays, reload the page.',
  unavailable: 'The server can’t be reached right now. Nothing was lost; try again in a moment.',
  unauthenticated: 'You are signed out. Sign in again to go on.',
  rateLimited: (waitMs: number | undefined) =>
    `That was tried too often. Wait ${waitingTime(waitMs)}, then try again.`,
  internal: 'The server failed at this. Nothing was changed; try again in a moment.',
  /** Any other refusal of the server, which comes with a sentence in English. */
  refused: (_code: ErrorCode, sentence: string, _details: FaultDetails) => sentence,
}

export type FaultStrings = typeof faultStrings
