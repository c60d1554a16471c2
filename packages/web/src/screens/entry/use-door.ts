import { Fault } from '@storyweave/protocol'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../app/api.ts'

/** What a link or an invitation leads to. */
export const doorQuery = (token: string) =>
  queryOptions({
    queryKey: ['door', token],
    queryFn: () => api.door.look(token),
    enabled: token !== '',
    staleTime: 0,
    gcTime: 0,
  })

/** What one does behind it. */
export const DOOR_ROLES = {
  editor: 'You read it, write in it and comment on it.',
  viewer: 'You read it and comment on it.',
} as const

/** Why a door stays shut, as a heading; the server's sentence stands below it. */
export function shutTitle(error: unknown): string {
  const code = error instanceof Fault ? error.code : undefined
  if (code === 'not_found') return 'This link leads nowhere'
  return code === 'conflict' ? 'This link lets nobody in' : 'The door could not be opened'
}

export const isFault = (error: unknown, ...codes: readonly Fault['code'][]): error is Fault =>
  error instanceof Fault && codes.includes(error.code)
