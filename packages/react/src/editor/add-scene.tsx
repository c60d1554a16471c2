import { Plus } from 'lucide-react'
import { useAction } from '../hooks/use-action.ts'
import { useWeave } from '../provider/weave.ts'
import { Button } from '../ui/button.tsx'

interface AddSceneProps {
  readonly beatId: number
  /** The beat has no scene yet. */
  readonly empty: boolean
}

export function AddScene({ beatId, empty }: AddSceneProps) {
  const { rest } = useWeave()
  const adding = useAction(() => rest.scenes.create(beatId, {}))
  return (
    <div className="sw-add-scene" data-empty={empty || undefined}>
      {empty && <p>The card says what happens. A scene is where it is told.</p>}
      <Button variant={empty ? 'primary' : 'quiet'} busy={adding.busy} onClick={adding.run}>
        <Plus aria-hidden size={16} />
        {empty ? 'Write the first scene' : 'Add a scene'}
      </Button>
    </div>
  )
}
