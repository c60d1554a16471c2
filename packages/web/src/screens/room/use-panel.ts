import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import { readKept, writeKept } from '../../app/kept.ts'
import { PANELS, type PanelName, type PanelSearch } from './panel-search.ts'

const KEY = 'storyweave.panel'
/** From here on outline, page and panel stand side by side. */
const WIDE = '(min-width: 1180px)'

type Shown = PanelName | 'none'

/** The panel beside the text: the address names it, this browser remembers it. */
export function usePanel() {
  const search: PanelSearch = useSearch({ strict: false })
  const navigate = useNavigate()
  const show = useCallback(
    (panel: Shown) => {
      writeKept('localStorage', KEY, panel)
      void navigate({
        to: '.',
        search: ({ scene: _, thread: __, message: ___, ...before }: PanelSearch) => ({ ...before, panel }),
        replace: true,
      })
    },
    [navigate],
  )
  return { panel: search.panel ?? remembered(), thread: search.thread, message: search.message, show }
}

function remembered(): Shown {
  const kept = readKept('localStorage', KEY)
  if (!matchMedia(WIDE).matches) return 'none'
  return PANELS.find((name) => name === kept) ?? (kept === 'none' ? 'none' : 'comments')
}
