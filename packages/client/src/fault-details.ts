import type { FaultDetails } from '@storyweave/protocol'

const NAMES = ['path', 'retry_after_ms', 'locked_by', 'locked_by_name', 'expires_at'] as const

/** What a refusal says besides its code and sentence: absent rather than undefined. */
export function detailsOf(
  said: {
    readonly [Name in (typeof NAMES)[number]]?: FaultDetails[Name] | undefined
  },
): FaultDetails {
  return Object.fromEntries(NAMES.flatMap((name) => (said[name] === undefined ? [] : [[name, said[name]]])))
}
