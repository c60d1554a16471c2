import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import { useEvent } from '../hooks/use-event.ts'
import { useIsomorphicLayoutEffect } from '../hooks/use-isomorphic-layout-effect.ts'

/** So near to the end one is at the end, in pixels. */
const NEAR_END = 40
/** So near to the beginning older messages are fetched, in pixels. */
const NEAR_BEGINNING = 240

export interface ChatScroll {
  readonly log: RefObject<HTMLDivElement | null>
  readonly isAtEnd: boolean
  readonly onScroll: () => void
  readonly toEnd: () => void
}

/**
 * Keeps the view where its reader left it: at the end while messages come, else at the message they look at, whatever
 * is added above or grows. Calls `onNearBeginning` where older messages would be wanted.
 */
export function useChatScroll(onNearBeginning: () => void): ChatScroll {
  const log = useRef<HTMLDivElement>(null)
  const held = useRef<Held>({ at: 'end' })
  const [isAtEnd, setAtEnd] = useState(true)
  const nearBeginning = useEvent(onNearBeginning)

  const look = useCallback(() => {
    const view = log.current
    // A panel that is not shown has no place to keep.
    if (view === null || view.clientHeight === 0) return
    held.current = heldIn(view)
    setAtEnd(held.current.at === 'end')
    if (view.scrollTop < NEAR_BEGINNING) nearBeginning()
  }, [nearBeginning])
  const keep = useCallback(() => {
    const view = log.current
    if (view !== null && view.clientHeight > 0) restore(view, held.current)
  }, [])

  // Whatever was rendered may have moved what the reader looks at.
  useIsomorphicLayoutEffect(keep)
  useEffect(() => {
    const view = log.current
    if (view !== null && view.clientHeight > 0 && view.scrollTop < NEAR_BEGINNING) nearBeginning()
  })
  useBegin(log, look)
  useResizes(log, keep)

  const toEnd = useCallback(() => {
    held.current = { at: 'end' }
    keep()
    look()
  }, [keep, look])
  return { log, isAtEnd, onScroll: look, toEnd }
}

/**
 * What must not move: the end, or a message and how far below the upper edge it ends. Its beginning may change: a first
 * message has its author's name above it until older ones of the same person are there.
 */
type Held = { readonly at: 'end' } | { readonly at: HTMLElement; readonly bottom: number }

function heldIn(view: HTMLElement): Held {
  if (view.scrollHeight - view.scrollTop - view.clientHeight < NEAR_END) return { at: 'end' }
  const edge = view.getBoundingClientRect().top
  for (const message of messagesIn(view)) {
    const { bottom } = message.getBoundingClientRect()
    if (bottom > edge) return { at: message, bottom: bottom - edge }
  }
  return { at: 'end' }
}

function restore(view: HTMLElement, held: Held): void {
  if (held.at === 'end') {
    view.scrollTop = view.scrollHeight
  } else if (held.at.isConnected) {
    const { bottom } = held.at.getBoundingClientRect()
    const moved = bottom - view.getBoundingClientRect().top - held.bottom
    if (Math.abs(moved) >= 1) view.scrollTop += moved
  }
}

const messagesIn = (view: HTMLElement) => view.querySelectorAll<HTMLElement>('[data-message]')

/** Where there is something new, the view begins with it. */
function useBegin(log: RefObject<HTMLDivElement | null>, look: () => void): void {
  useIsomorphicLayoutEffect(() => {
    const view = log.current
    const divider = view?.querySelector<HTMLElement>('[data-new]')
    if (!view || !divider) return
    view.scrollTop += divider.getBoundingClientRect().top - view.getBoundingClientRect().top - NEAR_END
    look()
  }, [log, look])
}

/** A window that changes its size, a field that grows below, a panel that comes into view. */
function useResizes(log: RefObject<HTMLDivElement | null>, keep: () => void): void {
  useEffect(() => {
    const view = log.current
    if (view === null || typeof ResizeObserver === 'undefined') return
    const observer = new ResizeObserver(keep)
    observer.observe(view)
    for (const child of view.children) observer.observe(child)
    return () => observer.disconnect()
  }, [log, keep])
}
