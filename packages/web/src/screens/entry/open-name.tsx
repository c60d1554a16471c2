import { Button, explain, formTexts, Notice, TextField } from '@storyweave/react/ui'
import { useSearch } from '@tanstack/react-router'
import { keepOpenPerson, openPerson } from '../../app/open-person.ts'
import { useTitle } from '../../app/use-title.ts'
import { EntryFrame } from './entry-frame.tsx'
import { useEntry } from './use-entry.ts'

/** As many as the server takes. */
const MAX_NAME_CHARS = 80

/** In an open house: a name is all that is asked for. */
export function OpenName() {
  useTitle('Who writes here?')
  const { next } = useSearch({ from: '/name' })
  const entry = useEntry(async (name: string) => keepOpenPerson(name, Math.random), next)
  return (
    <EntryFrame
      title="Who writes here?"
      aside="This house is open: nobody needs an account, and nobody proves who they are."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!entry.isPending) entry.mutate(formTexts(event.currentTarget, 'name').name.trim())
        }}
      >
        {entry.isError && (
          <Notice tone="bad" urgent>
            {explain(entry.error)}
          </Notice>
        )}
        <TextField
          label="Your name"
          name="name"
          autoComplete="name"
          defaultValue={openPerson()?.user_name}
          maxLength={MAX_NAME_CHARS}
          pattern=".*\S.*"
          hint="The others see it beside your caret."
          required
        />
        <Button type="submit" variant="primary" busy={entry.isPending} className="entry-submit">
          Come in
        </Button>
      </form>
    </EntryFrame>
  )
}
