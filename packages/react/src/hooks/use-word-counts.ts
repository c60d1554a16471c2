import { countWords, plainTextOfFragment } from '@storyweave/prose'
import { sceneRoot } from '@storyweave/protocol'
import { useMemo } from 'react'
import type { Doc } from 'yjs'
import { latest } from './latest.ts'
import { type Store, useStore } from './use-store.ts'

/** Counting ten thousand words takes some milliseconds: not with every key. */
const COUNT_EVERY_MS = 300

/** The words of each scene as they stand in the document, by the scene's key. */
export function useWordCounts(doc: Doc, keys: readonly string[]): ReadonlyMap<string, number> {
  const joined = keys.join(' ')
  return useStore(useMemo(() => wordCountStore(doc, joined.split(' ').filter(Boolean)), [doc, joined]))
}

function wordCountStore(doc: Doc, keys: readonly string[]): Store<ReadonlyMap<string, number>> {
  const count = () =>
    new Map(keys.map((key) => [key, countWords(plainTextOfFragment(doc.getXmlFragment(sceneRoot(key))))]))
  let counts: ReadonlyMap<string, number> | undefined
  return {
    getSnapshot: () => {
      counts ??= count()
      return counts
    },
    subscribe(listener) {
      const recount = latest(() => {
        counts = count()
        listener()
      }, COUNT_EVERY_MS)
      const changed = () => recount.call(undefined)
      doc.on('update', changed)
      return () => {
        doc.off('update', changed)
        recount.cancel()
      }
    },
  }
}
