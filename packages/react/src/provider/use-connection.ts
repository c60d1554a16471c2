import type { BrowserRoomOptions } from '@storyweave/client'
import { useEffect, useMemo } from 'react'
import { useEvent } from '../hooks/use-event.ts'
import { tokenFetch } from './token-fetch.ts'

export interface ConnectionProps {
  readonly baseUrl: string | undefined
  readonly token: string | undefined
  readonly refreshToken: (() => Promise<string>) | undefined
  readonly fetch: typeof globalThis.fetch | undefined
}

/** How the server is spoken to; another token is no other connection, and rooms stay open. */
export function useConnection(
  props: ConnectionProps,
): Pick<BrowserRoomOptions, 'baseUrl' | 'fetch' | 'refreshToken'> {
  const { baseUrl, token, fetch } = props
  const refreshes = props.refreshToken !== undefined
  const send = useEvent((...of: Parameters<typeof globalThis.fetch>) => (fetch ?? globalThis.fetch)(...of))
  const getToken = useEvent(
    () => props.refreshToken?.() ?? Promise.reject(new Error('No token is refreshed.')),
  )
  // `token` is left out: below it is set where it changes.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new token must not open every room anew
  const source = useMemo(
    () =>
      tokenFetch({
        token,
        getToken: refreshes ? getToken : undefined,
        send,
      }),
    [getToken, refreshes, send],
  )
  useEffect(() => source.setToken(token), [source, token])
  return useMemo(
    () => ({
      ...(baseUrl !== undefined && { baseUrl }),
      fetch: source.fetch,
      ...(refreshes && { refreshToken: source.refresh }),
    }),
    [baseUrl, source, refreshes],
  )
}
