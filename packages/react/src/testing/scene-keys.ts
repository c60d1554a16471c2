import { newSceneKey, parseMarkdown } from '@storyweave/prose'

export interface TestScene {
  readonly title?: string
  /** Markdown. */
  readonly text?: string
}

interface SeededScene {
  readonly id: number
  readonly key: string
  readonly title: string | null
  readonly doc: ReturnType<typeof parseMarkdown>
}

/** Gives every scene of the test's server an id and a key of its own, the same in each run. */
export class SceneKeys {
  #lastId = 0

  /** A scene that stands there from the start. */
  seed(scene: TestScene | string, id: number): SeededScene {
    const { title = null, text = '' } = typeof scene === 'string' ? { text: scene } : scene
    this.#lastId = Math.max(this.#lastId, id)
    return { id, key: keyOf(id), title, doc: parseMarkdown(text) }
  }

  next(): { readonly id: number; readonly key: string } {
    const id = ++this.#lastId
    return { id, key: keyOf(id) }
  }
}

/** A digit of the number for each letter, so that no two have the same. */
const DIGITS = 30
const keyOf = (id: number): string =>
  newSceneKey((length) => Uint8Array.from({ length }, (_, at) => Math.floor(id / DIGITS ** at) % DIGITS))
