import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { readSceneText } from './anchors-text.ts'
import { replaceScene } from './document.ts'
import { plainTextOfFragment } from './fragment-text.ts'
import { anyDocument } from './testing/documents.ts'
import { anyTrees, plant } from './testing/trees.ts'

const SEED = 20_261_124
const KEY = 'aaaaaaaaaaaa'

describe('a scene’s text', () => {
  const read = (write: (ydoc: Y.Doc) => void) => {
    const ydoc = new Y.Doc()
    write(ydoc)
    const fragment = ydoc.getXmlFragment(`scene/${KEY}`)
    return { fragment, scene: readSceneText(fragment) }
  }

  test(`of any document is its plain text (seed ${SEED})`, () => {
    fc.assert(
      fc.property(anyDocument, (doc) => {
        const { fragment, scene } = read((ydoc) => replaceScene(ydoc, KEY, doc))
        expect(scene.text).toBe(plainTextOfFragment(fragment))
      }),
      { seed: SEED, numRuns: 300 },
    )
  })

  test(`of any tree has every letter, and knows where it stands (seed ${SEED})`, () => {
    fc.assert(
      fc.property(anyTrees, (trees) => {
        const { fragment, scene } = read((ydoc) => plant(ydoc.getXmlFragment(`scene/${KEY}`), trees))
        const letters = (text: string) => text.replaceAll(/\s/g, '')
        expect(letters(scene.text)).toBe(letters(plainTextOfFragment(fragment)))
        for (const { text, from, to } of scene.runs) {
          expect(scene.text.slice(from, to)).toBe(Y.Text.prototype.toString.call(text))
        }
      }),
      { seed: SEED, numRuns: 500 },
    )
  })

  test('can be stored by any database', () => {
    const { scene } = read((ydoc) => {
      const paragraph = new Y.XmlElement('paragraph')
      paragraph.insert(0, [new Y.XmlText('a\u0000b\ud83d')])
      ydoc.getXmlFragment(`scene/${KEY}`).insert(0, [paragraph])
    })
    expect(scene.text).toBe('a\ufffdb\ufffd')
  })
})
