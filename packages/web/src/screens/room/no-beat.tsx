import { useBeats, useCan, useRoom } from '@storyweave/react'
import { Button } from '@storyweave/react/ui'
import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { beatLink } from '../../app/link-to-story.ts'
import { useOutlineActions } from './use-outline-actions.ts'

/** A story without a beat in its address opens at its first; one without any beats says how to begin. */
export function NoBeat() {
  const { storyId } = useRoom()
  const beats = useBeats()
  const router = useRouter()
  const first = beats[0]?.id
  useEffect(() => {
    if (first !== undefined)
      void router.navigate({ ...beatLink(storyId, first), search: true, replace: true })
  }, [router, storyId, first])
  return first === undefined ? <FirstBeat /> : null
}

function FirstBeat() {
  const mayWrite = useCan('write')
  const { add } = useOutlineActions([], undefined, () => undefined)
  return (
    <div className="empty-story">
      <h2>No beats yet</h2>
      <p>A beat is one step of the story: what somebody wants, what stands in the way, and how it ends.</p>
      {mayWrite && (
        <Button variant="primary" busy={add.isPending} onClick={() => add.mutate(undefined)}>
          Add the first beat
        </Button>
      )}
    </div>
  )
}
