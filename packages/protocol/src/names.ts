/** The names inside a beat's document, and the document's own name on the wire. */

/** The card's four texts, in the order they are shown. */
export const CARD_FIELDS = ['title', 'goal', 'conflict', 'outcome'] as const
export type CardField = (typeof CARD_FIELDS)[number]

/** The map that keeps what is true of the whole document: `schema`, the version of the text's schema. */
export const META_ROOT = 'meta'

const BEAT_PREFIX = 'beat/'
const SCENE_PREFIX = 'scene/'

export const beatDocumentName = (beatId: number): string => `${BEAT_PREFIX}${beatId}`

/** The fragment that holds a scene's prose; `key` is the scene's 12 random characters. */
export const sceneRoot = (key: string): string => `${SCENE_PREFIX}${key}`

/** The key of a scene's fragment, or undefined where the root is no scene. */
export const sceneKeyOfRoot = (root: string): string | undefined =>
  root.startsWith(SCENE_PREFIX) ? root.slice(SCENE_PREFIX.length) : undefined

export const isCardField = (name: string): name is CardField =>
  (CARD_FIELDS as readonly string[]).includes(name)

/** The beat that a key on the wire names (`beat/7`, or `beat/7`, U+0000 and a session id); undefined if none. */
export function beatOfKey(key: string): number | undefined {
  const name = key.split('\u0000', 1)[0] ?? ''
  const digits = /^beat\/([1-9]\d{0,9})$/.exec(name)?.[1]
  if (digits === undefined) return undefined
  const id = Number(digits)
  return id <= 2 ** 31 - 1 ? id : undefined
}
