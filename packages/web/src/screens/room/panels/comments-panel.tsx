import { Threads } from '@storyweave/react/comments'
import { useParams } from '@tanstack/react-router'
import { idOf } from '../room-address.ts'
import { useThreadsBeat } from '../use-threads-beat.ts'

export default function CommentsPanel() {
  const { beatId } = useParams({ strict: false })
  useThreadsBeat(idOf(beatId))
  return <Threads className="panel-content" beatId={idOf(beatId)} />
}
