import type { Node } from '@tiptap/pm/model'
import { Transform } from '@tiptap/pm/transform'
import { absolutePositionToRelativePosition, initProseMirrorDoc, updateYFragment } from '@tiptap/y-tiptap'
import * as Y from 'yjs'
import { schema } from '../schema.ts'

/** A scene being written as the editor writes it: changes of ProseMirror, brought into Yjs by its own binding's code. */
export class TestEditor {
  readonly ydoc: Y.Doc
  readonly #fragment: Y.XmlFragment
  #meta: ReturnType<typeof initProseMirrorDoc>['meta']
  doc: Node

  constructor(ydoc: Y.Doc, key: string) {
    this.ydoc = ydoc
    this.#fragment = ydoc.getXmlFragment(`scene/${key}`)
    const { doc, meta } = initProseMirrorDoc(this.#fragment, schema)
    this.doc = doc
    this.#meta = meta
  }

  change(edit: (transform: Transform) => void): void {
    const transform = new Transform(this.doc)
    edit(transform)
    this.ydoc.transact(() => updateYFragment(this.ydoc, this.#fragment, transform.doc, this.#meta))
    this.doc = transform.doc
  }

  /** Reads the document anew, after others wrote in it. */
  refresh(): void {
    const { doc, meta } = initProseMirrorDoc(this.#fragment, schema)
    this.doc = doc
    this.#meta = meta
  }

  /** The ProseMirror position of the first occurrence of some words within one block. */
  at(words: string): number {
    let found: number | undefined
    this.doc.descendants((node, position) => {
      if (found === undefined && node.isTextblock && node.textContent.includes(words)) {
        found = position + 1 + node.textContent.indexOf(words)
      }
    })
    if (found === undefined) throw new Error(`No “${words}” in “${this.doc.textContent}”`)
    return found
  }

  /** A selection as the editor's binding names it: relative positions in base64. */
  select(from: number, to: number): { start: string; end: string } {
    return { start: this.#relative(from), end: this.#relative(to) }
  }

  #relative(position: number): string {
    const relative: unknown = absolutePositionToRelativePosition(position, this.#fragment, this.#meta.mapping)
    return Buffer.from(Y.encodeRelativePosition(relative as Y.RelativePosition)).toString('base64')
  }
}
