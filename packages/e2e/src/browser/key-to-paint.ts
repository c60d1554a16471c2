import type { Page } from 'playwright-core'

/** One letter: from its key event in one window to the frame after it appeared in the other's text, in ms. */
export async function keyToPaint(from: Page, to: Page): Promise<number> {
  await Promise.all([to.evaluate(WATCH_PAINT), from.evaluate(WATCH_KEY)])
  await from.keyboard.press('x')
  const [painted, pressed] = await Promise.all([
    to.evaluate<number>('paintedAt'),
    from.evaluate<number>('pressedAt'),
  ])
  return Math.round(painted - pressed)
}

const NOW = 'performance.timeOrigin + performance.now()'
const WATCH_KEY = `void (window.pressedAt = new Promise((resolve) => {
  addEventListener('keydown', () => resolve(${NOW}), { capture: true, once: true })
}))`
/** The first frame after the text has changed; a task behind it runs once that frame is painted. */
const WATCH_PAINT = `void (window.paintedAt = new Promise((resolve) => {
  const text = document.querySelector('.ProseMirror')
  const letters = () => text.textContent.split('x').length
  const before = letters()
  const observer = new MutationObserver(() => {
    if (letters() === before) return
    observer.disconnect()
    requestAnimationFrame(() => setTimeout(() => resolve(${NOW})))
  })
  observer.observe(text, { subtree: true, childList: true, characterData: true })
}))`
