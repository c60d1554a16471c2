import { Fault, type Me } from '@storyweave/protocol'
import { QueryClient, queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { api } from './api.ts'

const MINUTE_MS = 60_000

/** A refusal stays one however often it is asked for; a failure of the network may pass. */
const worthRetrying = (failures: number, error: unknown) =>
  failures < 2 && (!(error instanceof Fault) || error.code === 'unavailable' || error.code === 'internal')

export const queryClient = new QueryClient({
  defaultOptions: { queries: { staleTime: MINUTE_MS, retry: worthRetrying } },
})

/** Who is signed in; null when nobody is. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: (): Promise<Me | null> =>
    api.me().catch((error: unknown) => {
      if (error instanceof Fault && error.code === 'unauthenticated') return null
      throw error
    }),
  staleTime: Number.POSITIVE_INFINITY,
})

/** The signed-in person, on screens that nobody else reaches. */
export function useMe(): Me {
  const { data } = useSuspenseQuery(meQuery)
  if (data === null) throw new Fault('unauthenticated', 'Nobody is signed in.')
  return data
}

/** After signing in or out: nothing that was known for the person before may be shown to the next. */
export async function forgetPerson(): Promise<void> {
  await queryClient.cancelQueries()
  queryClient.clear()
}
