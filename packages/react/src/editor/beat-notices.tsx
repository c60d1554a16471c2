import type { BeatDocumentSnapshot } from '@storyweave/client'
import { plainTextOfFragment, readCard } from '@storyweave/prose'
import { CARD_FIELDS, sceneKeyOfRoot, sceneRoot } from '@storyweave/protocol'
import type { Doc } from 'yjs'
import { isOver, useConnectionStatus, useSelf } from '../hooks/room.ts'
import { useStrings } from '../provider/strings.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { editorStrings } from './strings.ts'
import { useCopy } from './use-copy.ts'

interface BeatNoticesProps {
  readonly document: BeatDocumentSnapshot
  /** The keys of the beat's scenes, in their order. */
  readonly keys: readonly string[]
  /** Somebody else has the beat for themselves, which is said elsewhere. */
  readonly locked: boolean
}

/** What the writer must know before writing here. */
export function BeatNotices({ document, keys, locked }: BeatNoticesProps) {
  const words = useStrings('editor', editorStrings)
  const role = useSelf()?.role
  const ended = isOver(useConnectionStatus())
  const { scope, state, doc } = document
  // A beat that is gone has no page. This one is not opened for now, and has words that wait for it.
  if (state === 'denied') {
    return (
      <Notice tone="bad" urgent action={<CopyText doc={doc} keys={keys} />}>
        <b>{words.notOpened}</b> {words.notOpenedKept}
      </Notice>
    )
  }
  // The notice above says why nobody writes here any more.
  if (ended) return null
  if (role === 'viewer') return <Notice>{words.readOnly}</Notice>
  if (scope === 'readonly' && state === 'synced' && !locked) {
    return <Notice tone="warn">{words.cannotChange}</Notice>
  }
  return null
}

function CopyText({ doc, keys }: { readonly doc: Doc; readonly keys: readonly string[] }) {
  const words = useStrings('editor', editorStrings)
  const copy = useCopy(words.copied)
  return <Button onClick={() => copy(textOf(doc, keys))}>{words.copyText}</Button>
}

function textOf(doc: Doc, keys: readonly string[]): string {
  const card = readCard(doc)
  const scenes = allKeys(doc, keys).map((key) => plainTextOfFragment(doc.getXmlFragment(sceneRoot(key))))
  return [...CARD_FIELDS.map((field) => card[field]), ...scenes]
    .filter((text) => text.trim() !== '')
    .join('\n\n')
}

/** The scenes of the outline in their order, then any that only the document still has. */
function allKeys(doc: Doc, known: readonly string[]): readonly string[] {
  const inDocument = [...doc.share.keys()].flatMap((root) => sceneKeyOfRoot(root) ?? [])
  return [...new Set([...known, ...inDocument])]
}
