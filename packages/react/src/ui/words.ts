import { Fault } from '@storyweave/protocol'

/** What went wrong, as a sentence for the person in front of it. */
export function explain(error: unknown): string {
  if (!(error instanceof Fault))
    return 'Something went wrong here. Try it again; if it stays, reload the page.'
  switch (error.code) {
    case 'unavailable':
      return 'The server can’t be reached right now. Nothing was lost; try again in a moment.'
    case 'unauthenticated':
      return 'You are signed out. Sign in again to go on.'
    case 'rate_limited':
      return `That was tried too often. Wait ${waitingTime(error.details.retry_after_ms)}, then try again.`
    case 'internal':
      return 'The server failed at this. Nothing was changed; try again in a moment.'
    default:
      return error.message
  }
}

function waitingTime(ms: number | undefined): string {
  if (ms === undefined) return 'a minute'
  const seconds = Math.max(1, Math.ceil(ms / 1000))
  if (seconds < 90) return seconds === 1 ? 'a second' : `${seconds} seconds`
  return `${Math.ceil(seconds / 60)} minutes`
}

const NUMBER = new Intl.NumberFormat('en')

/** "1 word", "1,204 words", "no words yet". */
export function wordCount(count: number): string {
  if (count === 0) return 'no words yet'
  return count === 1 ? '1 word' : `${NUMBER.format(count)} words`
}
