import { Plus } from 'lucide-react'
import { useAction } from '../hooks/use-action.ts'
import { useStrings } from '../provider/strings.ts'
import { useWeave } from '../provider/weave.ts'
import { Button } from '../ui/button.tsx'
import { editorStrings } from './strings.ts'

interface AddSceneProps {
  readonly beatId: number
  /** The beat has no scene yet. */
  readonly empty: boolean
}

export function AddScene({ beatId, empty }: AddSceneProps) {
  const words = useStrings('editor', editorStrings)
  const { rest } = useWeave()
  const adding = useAction(() => rest.scenes.create(beatId, {}))
  return (
    <div className="sw-add-scene" data-empty={empty || undefined}>
      {empty && <p>{words.emptyBeat}</p>}
      <Button variant={empty ? 'primary' : 'quiet'} busy={adding.busy} onClick={adding.run}>
        <Plus aria-hidden size={16} />
        {empty ? words.firstScene : words.addScene}
      </Button>
    </div>
  )
}
