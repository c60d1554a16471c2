/** Redis answers, and is not what the bus needs. */
export class UnfitServerError extends Error {
  /** Goes on after "Redis at host:port". */
  readonly complaint: string

  constructor(complaint: string) {
    super(`Redis ${complaint}`)
    this.name = 'UnfitServerError'
    this.complaint = complaint
  }
}
