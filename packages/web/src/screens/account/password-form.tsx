import { Button, explain, formTexts, Notice, TextField } from '@storyweave/react/ui'
import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import { changePassword } from '../../app/account.ts'
import { queryClient } from '../../app/session.ts'
import { useToasts } from '../../app/toasts.ts'
import { NewPasswordField } from '../entry/password-field.tsx'
import { Section } from './section.tsx'
import { SESSIONS_KEY } from './sessions-query.ts'

export function PasswordForm() {
  const toasts = useToasts()
  const form = useRef<HTMLFormElement>(null)
  const changing = useMutation({
    mutationFn: ({ current, password }: Record<'current' | 'password', string>) =>
      changePassword(current, password),
    onSuccess: async () => {
      form.current?.reset()
      toasts.say('Your password is changed. Every other browser is signed out.')
      await queryClient.invalidateQueries({ queryKey: SESSIONS_KEY })
    },
  })
  return (
    <Section title="Password" words="With a new password every other browser of yours is signed out.">
      <form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault()
          if (!changing.isPending) changing.mutate(formTexts(event.currentTarget, 'current', 'password'))
        }}
      >
        {changing.isError && (
          <Notice tone="bad" urgent>
            {explain(changing.error)}
          </Notice>
        )}
        <TextField
          label="Password until now"
          name="current"
          type="password"
          autoComplete="current-password"
          required
        />
        <NewPasswordField label="New password" />
        <Button type="submit" busy={changing.isPending} className="account-submit">
          Change the password
        </Button>
      </form>
    </Section>
  )
}
