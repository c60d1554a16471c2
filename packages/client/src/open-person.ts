/** Somebody who says who they are, and does not prove it: enough for a server in open mode, ignored by any other. */
export interface OpenPerson {
  readonly user_id: number
  readonly user_name: string
  readonly user_email?: string
}

/** `fetch`, with the person in the query of every request. */
export function fetchAs(
  person: OpenPerson,
  send: typeof globalThis.fetch = (...of) => fetch(...of),
): typeof globalThis.fetch {
  return (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    for (const [name, value] of Object.entries(person)) url.searchParams.set(name, String(value))
    return send(input instanceof Request ? new Request(url, input) : url, init)
  }
}
