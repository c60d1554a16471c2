import { useRoom } from '@storyweave/react'
import { Board } from '@storyweave/react/board'
import { useRouter } from '@tanstack/react-router'
import { beatLink } from '../../app/link-to-story.ts'

/** The board; a beat that is made here opens with its title waiting to be written. */
export default function BoardScreen() {
  const { storyId } = useRoom()
  const router = useRouter()
  return (
    <Board
      onBeatMade={({ id }) => void router.navigate({ ...beatLink(storyId, id), state: { fresh: true } })}
    />
  )
}
