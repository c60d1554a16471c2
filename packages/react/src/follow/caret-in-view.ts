import { whenTakenOver } from './take-over.ts'

/** How much of the window's height stays free above and below the caret before the page moves. */
const MARGIN = 0.2

/** Scrolls to somebody's caret whenever it is drawn out of view, until the answer is called. */
export const keepCaretInView = (userId: number): (() => void) => watchCaret(userId, bringIntoView)

/** Scrolls to somebody's caret once, as soon as it is drawn, unless the person in front of the page goes on before. */
export function goToCaret(userId: number): () => void {
  const ends: (() => void)[] = []
  const stop = () => {
    for (const end of ends) end()
  }
  ends.push(
    whenTakenOver(stop),
    watchCaret(userId, (caret) => {
      bringIntoView(caret)
      stop()
    }),
  )
  return stop
}

/** Tells of somebody's caret at each change of the page on which it is there, at most once a frame. */
function watchCaret(userId: number, found: (caret: Element) => void): () => void {
  let frame = 0
  const look = () => {
    frame = 0
    const caret = document.querySelector(`.sw-caret[data-user="${userId}"]`)
    if (caret !== null) found(caret)
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

function bringIntoView(caret: Element): void {
  const { top, bottom } = caret.getBoundingClientRect()
  const isInView = top >= innerHeight * MARGIN && bottom <= innerHeight * (1 - MARGIN)
  if (!isInView) caret.scrollIntoView({ block: 'center' })
}
