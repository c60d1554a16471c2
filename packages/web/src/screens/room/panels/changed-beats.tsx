import type { Beat } from '@storyweave/protocol'
import { useRoom } from '@storyweave/react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../../../app/api.ts'
import { beatLink } from '../../../app/link-to-story.ts'
import { HistoryList } from './history-list.tsx'
import { momentWords } from './stint-words.ts'
import { historyKey, LOOK_EVERY_MS, useHistoryNews } from './use-history-news.ts'

/** When each beat was last changed, the newest first. */
export function ChangedBeats() {
  const { storyId } = useRoom()
  useHistoryNews()
  const changes = useQuery({
    queryKey: [...historyKey(storyId), 'beats'],
    queryFn: () => api.beats.list(storyId),
    staleTime: 0,
    refetchInterval: LOOK_EVERY_MS,
  })
  const beats = changes.data?.beats.toSorted((one, other) => other.updated_at.localeCompare(one.updated_at))
  return (
    <HistoryList query={changes}>
      {beats?.map((beat) => (
        <Changed key={beat.id} beat={beat} />
      ))}
    </HistoryList>
  )
}

const Changed = ({ beat }: { readonly beat: Beat }) => (
  <li>
    <Link {...beatLink(beat.story_id, beat.id)}>{beat.title.trim() || 'Untitled'}</Link>
    <time dateTime={beat.updated_at}>{momentWords(new Date(beat.updated_at))}</time>
  </li>
)
