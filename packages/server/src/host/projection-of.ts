import { Content, type ContentOptions } from '../room/documents/content.ts'
import type { LoadedDocument, Projection } from '../room/ports.ts'

/** The projection of a document as the log has it. */
export function projectionOf(beatId: number, document: LoadedDocument, options: ContentOptions): Projection {
  const content = new Content(document, options)
  const projection = { ...content.project(beatId), seq: document.seq }
  content.destroy()
  return projection
}
