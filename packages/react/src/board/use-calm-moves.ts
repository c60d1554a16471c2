import { type RefObject, useLayoutEffect, useRef } from 'react'

const MOVE = { duration: 220, easing: 'cubic-bezier(0.2, 0.7, 0.2, 1)' }

interface Spot {
  readonly left: number
  readonly top: number
}

/**
 * Lets cards glide to where they stand now, whoever moved them; `[data-beat]` names them. Places are measured within
 * the board, so that scrolling moves nothing. `order` changes when anything may stand elsewhere.
 */
export function useCalmMoves(board: RefObject<HTMLElement | null>, order: unknown): void {
  const before = useRef<ReadonlyMap<string, Spot>>(new Map())
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new order is what may have moved them.
  useLayoutEffect(() => {
    const cards = [...(board.current?.querySelectorAll<HTMLElement>('[data-beat]') ?? [])]
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches
    const now = new Map<string, Spot>()
    for (const card of cards) {
      const id = card.dataset['beat'] ?? ''
      const spot = { left: card.offsetLeft, top: card.offsetTop }
      const was = before.current.get(id)
      now.set(id, spot)
      if (isCalm || was === undefined || (was.left === spot.left && was.top === spot.top)) continue
      const from = `translate(${was.left - spot.left}px, ${was.top - spot.top}px)`
      card.animate([{ transform: from }, { transform: 'none' }], MOVE)
    }
    before.current = now
  }, [board, order])
}
