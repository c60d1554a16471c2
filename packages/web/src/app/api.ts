import { createBrowserRest } from '@storyweave/client'

/** The server's REST, as whoever the session cookie names. Every method rejects with a Fault. */
export const api = createBrowserRest()
