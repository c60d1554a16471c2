import { ClientFault, sentence } from '@storyweave/client'
import { Fault } from '@storyweave/protocol'
import { type FaultStrings, faultStrings } from './strings.ts'

/** What went wrong, as a sentence for the person in front of it. */
export function explain(error: unknown, words: FaultStrings = faultStrings): string {
  if (!(error instanceof Fault)) return words.unknown
  switch (error.code) {
    case 'unavailable':
    case 'unauthenticated':
    case 'internal':
      return words[error.code]
    case 'rate_limited':
      return words.rateLimited(error.details.retry_after_ms)
    default:
      if (error instanceof ClientFault) return sentence(words, error.said, error.values)
      return words.refused(error.code, error.message, error.details)
  }
}
