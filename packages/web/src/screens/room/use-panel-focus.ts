import { type KeyboardEvent, type RefObject, useEffect, useRef } from 'react'
import type { PanelName } from './panel-search.ts'

/** Below this width the panel lies over the page. */
const OVER_THE_PAGE = '(max-width: 1179px)'
/** What opens the panel, once it is closed. */
export const PANEL_BUTTON_ID = 'panel-button'

interface PanelFocus {
  readonly ref: RefObject<HTMLElement | null>
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
}

/** A panel that lies over the page takes the focus when it opens, closes on Escape, and gives the focus back. */
export function usePanelFocus(panel: PanelName | 'none', close: () => void): PanelFocus {
  const ref = useRef<HTMLElement>(null)
  const before = useRef(panel)
  useEffect(() => {
    const [was, is] = [before.current, panel]
    before.current = is
    if (was === 'none' && is !== 'none' && matchMedia(OVER_THE_PAGE).matches) ref.current?.focus()
    const isLost = document.activeElement === null || document.activeElement === document.body
    if (was !== 'none' && is === 'none' && isLost) document.getElementById(PANEL_BUTTON_ID)?.focus()
  }, [panel])
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const isInside = event.target instanceof Node && event.currentTarget.contains(event.target)
    if (event.key !== 'Escape' || event.defaultPrevented || !isInside) return
    if (matchMedia(OVER_THE_PAGE).matches) close()
  }
  return { ref, onKeyDown }
}
