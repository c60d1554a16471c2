/** Nothing came back in time, and nothing said why. */
export class UnansweredError extends Error {
  constructor() {
    super('No answer in time')
    this.name = 'UnansweredError'
  }
}
