/** How much of the window's height stays free above and below the caret before the page moves. */
const MARGIN = 0.2

/** Scrolls to somebody's caret whenever it is drawn out of view, until the answer is called. */
export function keepCaretInView(userId: number): () => void {
  let frame = 0
  const look = () => {
    frame = 0
    const caret = document.querySelector(`.sw-caret[data-user="${userId}"]`)
    if (caret !== null && !isInView(caret)) caret.scrollIntoView({ block: 'center' })
  }
  const lookSoon = () => {
    if (frame === 0) frame = requestAnimationFrame(look)
  }
  // A caret that moves is taken out and put in elsewhere.
  const observer = new MutationObserver(lookSoon)
  observer.observe(document.body, { childList: true, subtree: true })
  lookSoon()
  return () => {
    observer.disconnect()
    cancelAnimationFrame(frame)
  }
}

function isInView(caret: Element): boolean {
  const { top, bottom } = caret.getBoundingClientRect()
  return top >= innerHeight * MARGIN && bottom <= innerHeight * (1 - MARGIN)
}
