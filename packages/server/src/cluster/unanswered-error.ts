/** Nothing came back in time, and nothing said why. */
export class UnansweredError extends Error {
  constructor(ms: number) {
    super(`No answer within ${ms / 1000} s`)
    this.name = 'UnansweredError'
  }
}
