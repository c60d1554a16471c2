/** Small things kept in the browser. Where storage is switched off or full they last as long as the page. */

/** `localStorage` is this browser's, `sessionStorage` this window's; even naming one may throw. */
type Place = 'localStorage' | 'sessionStorage'

const FORMAT = 1

/** Undefined where there is nothing, or nothing that this version wrote. */
export function readKept(place: Place, key: string): unknown {
  try {
    const kept = JSON.parse(window[place].getItem(key) ?? 'null') as { v?: unknown; value?: unknown } | null
    return kept?.v === FORMAT ? kept.value : undefined
  } catch {
    return undefined
  }
}

export function writeKept(place: Place, key: string, value: unknown): void {
  try {
    window[place].setItem(key, JSON.stringify({ v: FORMAT, value }))
  } catch {
    // It lasts as long as the page.
  }
}

/** Forgets everything whose key begins with `prefix`. */
export function forgetKept(place: Place, prefix: string): void {
  try {
    const storage = window[place]
    for (const key of Object.keys(storage)) if (key.startsWith(prefix)) storage.removeItem(key)
  } catch {
    // There is no storage, and nothing in it.
  }
}
