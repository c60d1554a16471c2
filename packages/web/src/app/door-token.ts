import { useRouterState } from '@tanstack/react-router'
import { useEffect } from 'react'
import { forgetKept, readKept, writeKept } from './kept.ts'

/** By which of the two kinds of links somebody came. */
export type DoorKind = 'join' | 'invitation'

const KEY = 'storyweave.door'

/**
 * The token after the `#` of this page's address; empty where there is none. This window keeps it while somebody signs
 * in or makes an account, so that it stands in no other address, and in no query.
 */
export function useDoorToken(kind: DoorKind): string {
  const hash = useRouterState({ select: (state) => state.location.hash })
  const token = hash === '' ? keptToken(kind) : hash
  useEffect(() => {
    if (token !== '') writeKept('sessionStorage', KEY, { kind, token })
  }, [kind, token])
  return token
}

/** Of the link that was opened last in this window; empty where it was none of this kind. */
export function keptToken(kind: DoorKind): string {
  const kept = (readKept('sessionStorage', KEY) ?? {}) as { kind?: unknown; token?: unknown }
  return kept.kind === kind && typeof kept.token === 'string' ? kept.token : ''
}

/** They are in. */
export const forgetDoor = (): void => forgetKept('sessionStorage', KEY)
