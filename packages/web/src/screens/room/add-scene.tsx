import { useMutation } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { api } from '../../app/api.ts'
import { explain } from '../../app/words.ts'
import { Button } from '../../ui/button.tsx'
import { useToasts } from '../../ui/toasts.tsx'

interface AddSceneProps {
  readonly beatId: number
  /** The beat has no scene yet. */
  readonly empty: boolean
}

export function AddScene({ beatId, empty }: AddSceneProps) {
  const toasts = useToasts()
  const adding = useMutation({
    mutationFn: () => api.scenes.create(beatId, {}),
    onError: (error) => toasts.complain(explain(error)),
  })
  return (
    <div className="add-scene" data-empty={empty || undefined}>
      {empty && <p>The card says what happens. A scene is where it is told.</p>}
      <Button variant={empty ? 'primary' : 'quiet'} busy={adding.isPending} onClick={() => adding.mutate()}>
        <Plus aria-hidden size={16} />
        {empty ? 'Write the first scene' : 'Add a scene'}
      </Button>
    </div>
  )
}
