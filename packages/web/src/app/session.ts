import { Fault, type Me, meSchema } from '@storyweave/protocol'
import { QueryClient, queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { api, speakAs } from './api.ts'
import { type Door, knock } from './auth.ts'
import { forgetKept, readKept, writeKept } from './kept.ts'
import { openPerson } from './open-person.ts'

const MINUTE_MS = 60_000

/** A refusal stays one however often it is asked for; a failure of the network may pass. */
const worthRetrying = (failures: number, error: unknown) =>
  failures < 2 && (!(error instanceof Fault) || error.code === 'unavailable' || error.code === 'internal')

export const queryClient = new QueryClient({
  defaultOptions: { queries: { staleTime: MINUTE_MS, retry: worthRetrying } },
})

/** Who is here, and by which door. */
export interface Session {
  /** In an `open` house people say who they are; nobody signs in or out. */
  readonly house: 'accounts' | 'open'
  /** Null when nobody is signed in, or nobody has said who they are. */
  readonly me: Me | null
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: askSession,
  staleTime: Number.POSITIVE_INFINITY,
})

/** The person, on screens that nobody else reaches. */
export function useMe(): Me {
  const { me } = useSession()
  if (me === null) throw new Fault('unauthenticated', 'Nobody is signed in.')
  return me
}

export const useSession = (): Session => useSuspenseQuery(sessionQuery).data

/** Everything that is kept in this browser for the person who is signed in. */
export const KEPT = 'storyweave.person.'
const KEPT_SESSION = `${KEPT}session`

/** While the server is away, the last person known here goes on with what this device has. */
async function askSession(): Promise<Session> {
  try {
    const session = await sessionBehind(await knock())
    if (session.me !== null) writeKept('localStorage', KEPT_SESSION, session)
    return session
  } catch (error) {
    const kept = error instanceof Fault && error.code === 'unavailable' ? keptSession() : undefined
    if (kept === undefined) throw error
    return kept
  }
}

async function sessionBehind(door: Door): Promise<Session> {
  if (door !== 'open') return { house: 'accounts', me: door === 'signed_in' ? await me() : null }
  return { house: 'open', me: saysWho() ? await me() : null }
}

function saysWho(): boolean {
  const person = openPerson()
  if (person !== undefined) speakAs(person)
  return person !== undefined
}

const me = (): Promise<Me | null> =>
  api.me().catch((error: unknown) => {
    if (error instanceof Fault && error.code === 'unauthenticated') return null
    throw error
  })

function keptSession(): Session | undefined {
  const { house, me } = (readKept('localStorage', KEPT_SESSION) ?? {}) as Partial<Session>
  const known = meSchema.safeParse(me)
  if (!known.success) return undefined
  if (house === 'open') saysWho()
  return { house: house === 'open' ? 'open' : 'accounts', me: known.data }
}

/**
 * After signing in: nothing that was known for the person before is shown to the next. What they have begun to write
 * stays on this device, under their own number: it may be the same person who is back.
 */
export async function forgetSession(): Promise<void> {
  forgetKept('localStorage', KEPT_SESSION)
  await queryClient.cancelQueries()
  queryClient.clear()
}

/** After signing out: this device keeps nothing of the person. */
export async function forgetPerson(): Promise<void> {
  forgetKept('localStorage', KEPT)
  await forgetSession()
}
