import { useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { PanelSearch } from './panel-search.ts'

/** Where the address names a scene, and no thread that has its own place, the scene is gone to when its text is there. */
export function useSceneAddress(beatId: number): void {
  const { scene, thread }: PanelSearch = useSearch({ strict: false })
  // biome-ignore lint/correctness/useExhaustiveDependencies: in another beat the scene stands elsewhere
  useEffect(() => {
    if (scene === undefined || thread !== undefined) return
    // Its text can take the focus as soon as it says whether it may be written in.
    return whenThere(`[data-scene="${scene}"] [contenteditable][aria-readonly]`, goInto)
  }, [beatId, scene, thread])
}

function goInto(prose: HTMLElement): void {
  prose.closest('[data-scene]')?.scrollIntoView({ block: 'start' })
  prose.focus({ preventScroll: true })
}

/** Calls once the page has such an element; answers with how to give up. */
function whenThere(selector: string, found: (element: HTMLElement) => void): () => void {
  const observer = new MutationObserver(() => look())
  const look = () => {
    const element = document.querySelector<HTMLElement>(selector)
    if (element === null) return
    observer.disconnect()
    found(element)
  }
  observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ['aria-readonly'] })
  look()
  return () => observer.disconnect()
}
