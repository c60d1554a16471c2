/** Why the server closes a socket. */
export const CLOSE = {
  goingAway: 1001,
  tooBig: 1009,
  signedOut: 4401,
  accessRevoked: 4403,
  storyDeleted: 4404,
  tooSlow: 4408,
  rate: 4429,
} as const

export type CloseCode = (typeof CLOSE)[keyof typeof CLOSE]

/** After these a client does not simply connect again. */
export const FINAL_CLOSES: ReadonlySet<number> = new Set([
  CLOSE.tooBig,
  CLOSE.signedOut,
  CLOSE.accessRevoked,
  CLOSE.storyDeleted,
])
