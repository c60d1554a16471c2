/** The bus can't be used as it is. The message says what is wrong and what to do, without secrets. */
export class BusSetupError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'BusSetupError'
  }
}
