import { type RefObject, useEffect, useState } from 'react'

/** Whether the element is on the screen, in a window that is looked at. */
export function useInView(element: RefObject<HTMLElement | null>): boolean {
  const [isShown, setShown] = useState(false)
  const [isVisible, setVisible] = useState(() => typeof document === 'undefined' || !document.hidden)
  useEffect(() => {
    if (element.current === null) return
    const observer = new IntersectionObserver((entries) => setShown(entries.at(-1)?.isIntersecting === true))
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  useEffect(() => {
    const look = () => setVisible(!document.hidden)
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
  return isShown && isVisible
}
