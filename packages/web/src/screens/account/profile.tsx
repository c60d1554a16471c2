import type { Me } from '@storyweave/protocol'
import { Button, explain, Face, formTexts, Notice, TextField } from '@storyweave/react/ui'
import { useMutation } from '@tanstack/react-query'
import { changeName } from '../../app/account.ts'
import { queryClient, sessionQuery } from '../../app/session.ts'
import { useToasts } from '../../app/toasts.ts'
import { Section } from './section.tsx'

const MAX_NAME_CHARS = 80

export function Profile({ me }: { readonly me: Me }) {
  const toasts = useToasts()
  const renaming = useMutation({
    mutationFn: changeName,
    onSuccess: async (_nothing, name) => {
      await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey })
      toasts.say(`You are ${name} now, also where others see you write.`)
    },
  })
  return (
    <Section title="Profile">
      <div className="account-who">
        <Face name={me.name} color={me.color} />
        <p>
          {me.email ?? 'You come from another application; your address is known there.'}
          <small>Your colour is yours in every story.</small>
        </p>
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const name = formTexts(event.currentTarget, 'name').name.trim()
          if (!renaming.isPending && name !== me.name) renaming.mutate(name)
        }}
      >
        {renaming.isError && (
          <Notice tone="bad" urgent>
            {explain(renaming.error)}
          </Notice>
        )}
        <TextField
          label="Name"
          name="name"
          autoComplete="name"
          defaultValue={me.name}
          maxLength={MAX_NAME_CHARS}
          pattern=".*\S.*"
          hint="The others see it beside your caret."
          required
        />
        <Button type="submit" busy={renaming.isPending} className="account-submit">
          Change the name
        </Button>
      </form>
    </Section>
  )
}
