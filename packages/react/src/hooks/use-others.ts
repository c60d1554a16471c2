import type { CardField } from '@storyweave/protocol'
import { useMemo } from 'react'
import type { Awareness } from 'y-protocols/awareness'
import { type Store, useStore } from './use-store.ts'

/** Another person in a document; one entry for each of their open documents. */
export interface Other {
  readonly clientId: number
  readonly userId: number
  readonly name: string
  readonly color: string
  /** The card's field they are in. */
  readonly field: CardField | undefined
}

interface SharedState {
  readonly user?: { readonly id?: number; readonly name?: string; readonly color?: string }
  readonly field?: CardField | null
}

/** Everyone else in the document, in the order they came. */
export function useOthers(awareness: Awareness): readonly Other[] {
  return useStore(useMemo(() => othersStore(awareness), [awareness]))
}

function othersStore(awareness: Awareness): Store<readonly Other[]> {
  let shown = readOthers(awareness)
  return {
    getSnapshot: () => shown,
    subscribe(listener) {
      const changed = () => {
        const now = readOthers(awareness)
        // Carets move with every key; who is where changes seldom.
        if (JSON.stringify(now) === JSON.stringify(shown)) return
        shown = now
        listener()
      }
      awareness.on('change', changed)
      changed()
      return () => awareness.off('change', changed)
    },
  }
}

function readOthers(awareness: Awareness): readonly Other[] {
  return [...awareness.getStates()].flatMap(([clientId, state]) => {
    const { user, field } = state as SharedState
    if (clientId === awareness.clientID || user?.id === undefined) return []
    const { id: userId, name = '', color = '' } = user
    return [{ clientId, userId, name, color, field: field ?? undefined }]
  })
}
