import { queryOptions } from '@tanstack/react-query'
import { listSessions } from '../../app/account.ts'

export const SESSIONS_KEY = ['sessions']

/** Where I am signed in. */
export const sessionsQuery = queryOptions({ queryKey: SESSIONS_KEY, queryFn: listSessions, staleTime: 0 })
