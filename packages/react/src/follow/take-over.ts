/** Keys by which one finds one's way, and which change nothing. */
const PASSING = new Set(['Tab', 'Shift', 'Control', 'Alt', 'Meta', 'CapsLock'])
/** What belongs to following itself. */
const OWN_PARTS = '.sw-follow, .sw-faces'

/** Calls when the person in front of the page does something of their own; answers with how to stop. */
export function whenTakenOver(taken: () => void): () => void {
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Escape' || (isText(event.target) && !PASSING.has(event.key))) taken()
  }
  const point = ({ target }: Event) => {
    if (!(target instanceof Element) || target.closest(OWN_PARTS) === null) taken()
  }
  const controller = new AbortController()
  const options = { capture: true, passive: true, signal: controller.signal }
  window.addEventListener('keydown', key, options)
  for (const type of ['pointerdown', 'wheel', 'touchmove'] as const) {
    window.addEventListener(type, point, options)
  }
  return () => controller.abort()
}

const isText = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea'))
