import type { Story } from '@storyweave/protocol'
import { explain, IconButton, Menu, MenuItem } from '@storyweave/react/ui'
import { useMutation } from '@tanstack/react-query'
import { MoreHorizontal, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../app/api.ts'
import { queryClient } from '../../app/session.ts'
import { useToasts } from '../../app/toasts.ts'
import { StorySettings } from './story-settings.tsx'

const refresh = () => queryClient.invalidateQueries({ queryKey: ['stories'] })

/** What its owner, or an editor, can do to a story on the shelf. */
export function CoverMenu({ story }: { readonly story: Story }) {
  const toasts = useToasts()
  const [isOpen, setOpen] = useState(false)
  const onError = (error: unknown) => toasts.complain(explain(error))
  const restore = useMutation({
    mutationFn: () => api.stories.restore(story.id),
    onSuccess: refresh,
    onError,
  })
  const remove = useMutation({
    mutationFn: () => api.stories.remove(story.id),
    onSuccess: async () => {
      toasts.say(`“${story.title}” was deleted. It lies in the bin for 30 days.`, {
        label: 'Undo',
        run: () => restore.mutate(),
      })
      await refresh()
    },
    onError,
  })
  return (
    <>
      <Menu
        trigger={
          <IconButton label={`Change “${story.title}”`} className="cover-menu">
            <MoreHorizontal aria-hidden size={16} />
          </IconButton>
        }
      >
        <MenuItem onClick={() => setOpen(true)}>
          <Pencil aria-hidden size={16} />
          Story settings…
        </MenuItem>
        {story.role === 'owner' && (
          <MenuItem onClick={() => remove.mutate()}>
            <Trash2 aria-hidden size={16} />
            Delete
          </MenuItem>
        )}
      </Menu>
      <StorySettings story={story} open={isOpen} onOpenChange={setOpen} />
    </>
  )
}
