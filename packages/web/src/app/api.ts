import { createBrowserRest, fetchAs, type OpenPerson } from '@storyweave/client'

let send: typeof fetch = (...of) => fetch(...of)

/** From now on every request is this person's, for a house where nobody signs in. */
export function speakAs(person: OpenPerson): void {
  send = fetchAs(person)
}

/** Requests as whoever the session cookie, or `speakAs`, names. */
export const houseFetch: typeof fetch = (...of) => send(...of)

/** The server's REST. Every method rejects with a Fault. */
export const api = createBrowserRest({ fetch: houseFetch })
