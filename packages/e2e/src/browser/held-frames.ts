import type { Page } from 'playwright-core'

/** What a page sends of its documents, kept on its way for as long as a test wants. */
export interface HeldFrames {
  hold(): Promise<void>
  /** Sends what was held, in its order, and from then on whatever comes. */
  release(): Promise<void>
}

/** For documents that the page loads from now on. */
export async function holdFrames(page: Page): Promise<HeldFrames> {
  await page.addInitScript(HOLDABLE)
  return {
    hold: () => page.evaluate('void (globalThis.heldFrames = [])'),
    release: () => page.evaluate('for (const send of heldFrames.splice(0)) send(); heldFrames = undefined'),
  }
}

/** Messages, which are text, go on: the page asks and hears as ever. */
const HOLDABLE = `{
  const { send } = WebSocket.prototype
  WebSocket.prototype.send = function (data) {
    if (typeof data === 'string' || globalThis.heldFrames === undefined) send.call(this, data)
    else globalThis.heldFrames.push(() => send.call(this, data))
  }
}`
