import type { Beat } from '@storyweave/protocol'
import { useRoom } from '@storyweave/react'
import { Button, explain, Waiting } from '@storyweave/react/ui'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { api } from '../../../app/api.ts'
import { beatLink } from '../../../app/link-to-story.ts'
import { queryClient } from '../../../app/session.ts'

/** What is told of a change that the list does not show yet. */
const CHANGES = new Set([
  'edit',
  'beat_created',
  'beat_deleted',
  'beat_restored',
  'scene_changed',
  'scene_created',
])
const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })

/** When each beat was last changed, the newest first. */
export default function HistoryPanel() {
  const room = useRoom()
  const { storyId } = room
  const changes = useQuery({
    queryKey: ['history', storyId],
    queryFn: () => api.beats.list(storyId),
    staleTime: 0,
  })
  useEffect(
    () =>
      room.onMessage(({ type }) => {
        if (CHANGES.has(type)) void queryClient.invalidateQueries({ queryKey: ['history', storyId] })
      }),
    [room, storyId],
  )
  if (changes.isPending) return <Waiting what="Fetching what has changed…" />
  if (changes.isError) {
    return (
      <div className="panel-empty" role="alert">
        <p>{explain(changes.error)}</p>
        <Button onClick={() => void changes.refetch()}>Try again</Button>
      </div>
    )
  }
  const beats = changes.data.beats.toSorted((one, other) => other.updated_at.localeCompare(one.updated_at))
  if (beats.length === 0) return <p className="panel-empty">Nothing has changed yet.</p>
  return (
    <ol className="history" aria-label="Last changed">
      {beats.map((beat) => (
        <Changed key={beat.id} beat={beat} />
      ))}
    </ol>
  )
}

function Changed({ beat }: { readonly beat: Beat }) {
  return (
    <li>
      <Link {...beatLink(beat.story_id, beat.id)}>{beat.title.trim() || 'Untitled'}</Link>
      <time dateTime={beat.updated_at}>{MOMENT.format(new Date(beat.updated_at))}</time>
    </li>
  )
}
