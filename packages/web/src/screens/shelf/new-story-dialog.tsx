import { LIMITS, type NewStory, STORY_TEMPLATES } from '@storyweave/protocol'
import { Button, explain, formTexts, Modal, Notice, TextAreaField, TextField } from '@storyweave/react/ui'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { api } from '../../app/api.ts'
import { storyLink } from '../../app/link-to-story.ts'
import { queryClient } from '../../app/session.ts'
import { SHAPES } from './shapes.ts'

interface NewStoryDialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

export function NewStoryDialog({ open, onOpenChange }: NewStoryDialogProps) {
  return (
    <Modal open={open} onOpenChange={onOpenChange} title="New story">
      <NewStoryForm onCancel={() => onOpenChange(false)} />
    </Modal>
  )
}

function NewStoryForm({ onCancel }: { readonly onCancel: () => void }) {
  const router = useRouter()
  const making = useMutation({
    mutationFn: (story: NewStory) => api.stories.create(story),
    onSuccess: async (story) => {
      await queryClient.invalidateQueries({ queryKey: ['stories'] })
      await router.navigate(storyLink(story.id))
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (!making.isPending) making.mutate(storyOf(event.currentTarget))
      }}
    >
      {making.isError && (
        <Notice tone="bad" urgent>
          {explain(making.error)}
        </Notice>
      )}
      <TextField
        label="Title"
        name="title"
        maxLength={LIMITS.titleChars}
        pattern=".*\S.*"
        autoComplete="off"
        required
      />
      <TextAreaField label="Premise" name="premise" hint="What it is about, in a sentence or two." rows={3} />
      <TextField label="Genre" name="genre" maxLength={LIMITS.titleChars} autoComplete="off" />
      <fieldset className="shapes">
        <legend className="sw-field-legend">Shape</legend>
        {STORY_TEMPLATES.map((template, index) => (
          <label key={template} className="shape">
            <input type="radio" name="template" value={template} defaultChecked={index === 0} />
            <span>
              <b>{SHAPES[template].name}</b>
              <small>{SHAPES[template].words}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <div className="sw-modal-actions">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" busy={making.isPending}>
          {making.isPending ? 'Making it…' : 'Make the story'}
        </Button>
      </div>
    </form>
  )
}

function storyOf(form: HTMLFormElement): NewStory {
  const { title, premise, genre, template } = formTexts(form, 'title', 'premise', 'genre', 'template')
  const shape = STORY_TEMPLATES.find((name) => name === template)
  return {
    title: title.trim(),
    ...(premise.trim() !== '' && { premise: premise.trim() }),
    ...(genre.trim() !== '' && { genre: genre.trim() }),
    ...(shape !== undefined && { template: shape }),
  }
}
