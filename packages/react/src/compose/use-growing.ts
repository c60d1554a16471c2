import type { RefObject } from 'react'
import { useIsomorphicLayoutEffect } from '../hooks/use-isomorphic-layout-effect.ts'

/** Makes a field as high as its text; its style says how high at most. */
export function useGrowing(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useIsomorphicLayoutEffect(() => {
    const element = field.current
    if (element === null) return
    element.style.height = 'auto'
    const borders = element.offsetHeight - element.clientHeight
    element.style.height = `${element.scrollHeight + borders}px`
  }, [field, text])
}
