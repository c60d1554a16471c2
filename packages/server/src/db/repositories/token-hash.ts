import { createHash } from 'node:crypto'

/** What is kept of a token that was told once. Tokens are random and long: no salt, no slow hash. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')
