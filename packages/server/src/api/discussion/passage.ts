import { type Passage, QUOTE_CHARS, SceneAnchors } from '@storyweave/prose'
import { type Anchor, Fault, type NewAnchor } from '@storyweave/protocol'
import type { SceneRow } from '../../db/schema.ts'
import type { ApiContext } from '../context.ts'
import { openDocument } from '../documents.ts'
import { loadBeat } from '../scene-view.ts'

/** The passage that a client names by two positions, as the log has it: everything its sender was told is saved. */
export async function readPassage(api: ApiContext, scene: SceneRow, anchor: NewAnchor): Promise<Passage> {
  const anchors = new SceneAnchors(openDocument(await loadBeat(api, scene.beat_id)), scene.key)
  const from = anchors.locate(anchor.start, 'start')
  const to = anchors.locate(anchor.end, 'end')
  if (from === undefined) throw nowhere('start')
  if (to === undefined) throw nowhere('end')
  if (from > to) throw new Fault('bad_message', '"anchor": its start is after its end.', { path: 'anchor' })
  const passage = anchors.read(anchor.start, anchor.end)
  if (passage === undefined) {
    throw new Fault('bad_message', '"anchor": there is no text between its positions.', { path: 'anchor' })
  }
  if (passage.quote.length > QUOTE_CHARS) throw tooLong()
  return passage
}

const nowhere = (edge: 'start' | 'end'): Fault =>
  new Fault(
    'bad_message',
    `"anchor.${edge}" is no position in the scene’s text: send a Yjs relative position in base64, after the text it stands in was saved.`,
    { path: `anchor.${edge}` },
  )

const tooLong = (): Fault =>
  new Fault('bad_message', `"anchor": the passage is longer than ${QUOTE_CHARS} characters.`, {
    path: 'anchor',
  })

/** The passage's place, as it is kept and told. */
export const anchorOf = ({ start, end, before, after }: Passage): Anchor => ({ start, end, before, after })
