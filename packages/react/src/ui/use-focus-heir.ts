import { type DOMAttributes, useRef } from 'react'
import { useIsomorphicLayoutEffect } from '../hooks/use-isomorphic-layout-effect.ts'

/** What had the focus and is not there any more. */
export interface LostFocus {
  readonly element: Element
  /** Whose handlers they are; it may be gone as well. */
  readonly frame: HTMLElement
  /** Around the frame. */
  readonly around: HTMLElement | null
}

type FocusHandlers<Frame extends HTMLElement> = Pick<DOMAttributes<Frame>, 'onFocus' | 'onBlur'>

/**
 * Where rendering takes away what has the focus, it would fall to the page, and whoever uses the keyboard would begin
 * at its top. `heir` says who gets it instead: what took the place, or the nearest thing that stays. The handlers
 * belong on an element around it, in a component that renders whenever something goes away in there; `own` are those
 * that the element has besides.
 */
export function useFocusHeir<Frame extends HTMLElement>(
  heir: (lost: LostFocus) => Element | null | undefined,
  own: FocusHandlers<Frame> = {},
): Required<FocusHandlers<Frame>> {
  const held = useRef<LostFocus>(undefined)
  useIsomorphicLayoutEffect(() => {
    const lost = held.current
    if (lost === undefined || lost.element.isConnected) return
    held.current = undefined
    if (document.activeElement === null || document.activeElement === document.body) give(heir(lost))
  })
  return {
    onFocus: (event) => {
      const { target, currentTarget } = event
      held.current = { element: target, frame: currentTarget, around: currentTarget.parentElement }
      own.onFocus?.(event)
    },
    // React tells of no event while it renders: this is somebody who leaves.
    onBlur: (event) => {
      held.current = undefined
      own.onBlur?.(event)
    },
  }
}

const TAKES_FOCUS = 'a[href], button, input, select, textarea, [tabindex], [contenteditable="true"]'

/** Also to an element that takes no focus by itself, for as long as it has it. */
function give(to: Element | null | undefined): void {
  if (!(to instanceof HTMLElement) || !to.isConnected) return
  if (!to.matches(TAKES_FOCUS)) {
    to.tabIndex = -1
    to.addEventListener('blur', () => to.removeAttribute('tabindex'), { once: true })
  }
  to.focus({ preventScroll: true })
}
