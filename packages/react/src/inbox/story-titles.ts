import type { RestClient } from '@storyweave/client'
import { useEffect, useState } from 'react'
import { useWeave } from '../provider/weave.ts'

const asked = new WeakMap<RestClient, Map<number, Promise<string | undefined>>>()

/** Asked once for each story; undefined where it is not there any more, or not for me. */
function titleOf(rest: RestClient, storyId: number): Promise<string | undefined> {
  const ofClient = asked.get(rest) ?? new Map<number, Promise<string | undefined>>()
  asked.set(rest, ofClient)
  const known = ofClient.get(storyId)
  if (known !== undefined) return known
  const title = rest.stories.get(storyId).then(
    (story) => story.title,
    () => {
      // A notification can be read without its story's title; the next inbox asks again.
      ofClient.delete(storyId)
      return undefined
    },
  )
  ofClient.set(storyId, title)
  return title
}

/** The titles of these stories, as far as they are known yet. */
export function useStoryTitles(storyIds: readonly number[]): ReadonlyMap<number, string> {
  const { rest } = useWeave()
  const [titles, setTitles] = useState<ReadonlyMap<number, string>>(new Map())
  const wanted = [...new Set(storyIds)].sort((a, b) => a - b).join(' ')
  useEffect(() => {
    let isWanted = true
    const keep = (storyId: number, title: string | undefined) => {
      if (isWanted && title !== undefined) setTitles((before) => new Map(before).set(storyId, title))
    }
    for (const storyId of wanted.split(' ').filter(Boolean).map(Number))
      void titleOf(rest, storyId).then((title) => keep(storyId, title))
    return () => {
      isWanted = false
    }
  }, [rest, wanted])
  return titles
}
