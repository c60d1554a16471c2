import { Fault } from '@storyweave/protocol'

/**
 * `fetch` as the person whose token it is. The newest token speaks; where the server does not know it any more, a new
 * one is got once and the request sent again.
 */
export interface TokenFetch {
  readonly fetch: typeof globalThis.fetch
  /** The application has another one. */
  setToken(token: string | undefined): void
  /** Gets a new one, of which REST learns too; several who ask at once get the same. */
  refresh(): Promise<string>
}

export interface TokenFetchOptions {
  readonly token: string | undefined
  readonly getToken: (() => Promise<string>) | undefined
  readonly send: typeof globalThis.fetch
}

const SIGNED_OUT = 401

export function tokenFetch({ token: first, getToken, send }: TokenFetchOptions): TokenFetch {
  let token = first
  let getting: Promise<string> | undefined
  const refresh = (): Promise<string> => {
    if (getToken === undefined) return Promise.reject(new Error('There is no way to get a new token.'))
    getting ??= getToken()
      .then((got) => {
        token = got
        return got
      })
      .finally(() => {
        getting = undefined
      })
    return getting
  }
  const sendOnce: typeof globalThis.fetch = (input, init) => {
    if (token === undefined) return send(input, init)
    const headers = new Headers(init?.headers)
    headers.set('authorization', `Bearer ${token}`)
    return send(input, { ...init, headers })
  }
  return {
    setToken: (newest) => {
      token = newest
    },
    refresh,
    fetch: async (input, init) => {
      const used = token
      const response = await sendOnce(input, init)
      if (response.status !== SIGNED_OUT || getToken === undefined) return response
      // Another request may have got a new one meanwhile.
      if (used === token) {
        try {
          await refresh()
        } catch (error) {
          // Only who is signed out for good hears the server's own answer; what fails in passing is tried again.
          if (error instanceof Fault && error.code === 'unauthenticated') return response
          throw error
        }
      }
      return sendOnce(input, init)
    },
  }
}
