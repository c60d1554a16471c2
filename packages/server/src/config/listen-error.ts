/** The server can't listen where it is told to. The message names the port and says what to do. */
export class ListenError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause })
    this.name = 'ListenError'
  }
}

interface Place {
  readonly host: string
  readonly port: number
}

const noAddress = ({ host, port }: Place): string =>
  `There is no address ${host} on this machine for port ${port} to be listened on: set HOST to one that it has, or to 0.0.0.0 for all of them`

/** By the code that the system gives. */
const SENTENCES: Readonly<Record<string, (place: Place) => string>> = {
  EADDRINUSE: ({ host, port }) =>
    `Port ${port} of ${host} is taken by another program: stop that one, or set PORT to another number`,
  EACCES: ({ host, port }) =>
    `Port ${port} of ${host} is not for every program to listen on: set PORT to 1024 or more and have a proxy pass on to it, or start the server with the right to that port`,
  EADDRNOTAVAIL: noAddress,
  // As a name it may be unknown as well.
  ENOTFOUND: noAddress,
  EAI_AGAIN: noAddress,
}

/** The failure to listen there in words for whoever set the server up; what they can't mend stays as it is. */
export function listenError(error: unknown, place: Place): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const sentence = Object.hasOwn(SENTENCES, code) ? SENTENCES[code] : undefined
  return sentence === undefined ? error : new ListenError(sentence(place), error)
}
