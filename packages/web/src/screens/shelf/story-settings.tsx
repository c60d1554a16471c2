import { LIMITS, type Story } from '@storyweave/protocol'
import { Button, explain, formTexts, Modal, Notice, TextAreaField, TextField } from '@storyweave/react/ui'
import { useMutation } from '@tanstack/react-query'
import { api } from '../../app/api.ts'
import { queryClient } from '../../app/session.ts'

interface StorySettingsProps {
  readonly story: Pick<Story, 'id' | 'title' | 'premise' | 'genre'>
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

/** What stands on a story's cover. */
export function StorySettings({ story, open, onOpenChange }: StorySettingsProps) {
  const saving = useMutation({
    mutationFn: (form: HTMLFormElement) => {
      const { title, premise, genre } = formTexts(form, 'title', 'premise', 'genre')
      const texts = { premise: premise.trim() || null, genre: genre.trim() || null }
      return api.stories.update(story.id, { title: title.trim(), ...texts })
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['stories'] })
      onOpenChange(false)
    },
  })
  return (
    <Modal open={open} onOpenChange={onOpenChange} title="Story settings">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!saving.isPending) saving.mutate(event.currentTarget)
        }}
      >
        {saving.isError && (
          <Notice tone="bad" urgent>
            {explain(saving.error)}
          </Notice>
        )}
        <TextField
          label="Title"
          name="title"
          defaultValue={story.title}
          maxLength={LIMITS.titleChars}
          pattern=".*\S.*"
          autoComplete="off"
          required
        />
        <TextAreaField label="Premise" name="premise" defaultValue={story.premise ?? ''} rows={4} />
        <TextField
          label="Genre"
          name="genre"
          defaultValue={story.genre ?? ''}
          maxLength={LIMITS.titleChars}
          autoComplete="off"
        />
        <div className="sw-modal-actions">
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" variant="primary" busy={saving.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Modal>
  )
}
