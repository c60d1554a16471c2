import { Button, explain, formTexts, Notice, TextField } from '@storyweave/react/ui'
import { signUp } from '../../app/auth.ts'
import { keptToken } from '../../app/door-token.ts'
import { NewPasswordField } from './password-field.tsx'
import { useEntry } from './use-entry.ts'

interface AccountFormProps {
  readonly setupToken?: string | undefined
  readonly next?: string | undefined
}

/** Makes an account and signs in with it. */
export function AccountForm({ setupToken, next }: AccountFormProps) {
  const entry = useEntry(signUp, next)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (!entry.isPending)
          entry.mutate({
            ...formTexts(event.currentTarget, 'name', 'email', 'password'),
            setupToken,
            invitationToken: keptToken('invitation') || undefined,
          })
      }}
    >
      {entry.isError && (
        <Notice tone="bad" urgent>
          {explain(entry.error)}
        </Notice>
      )}
      <TextField
        label="Name"
        name="name"
        autoComplete="name"
        hint="The others see it beside your caret."
        required
      />
      <TextField label="E-mail" name="email" type="email" autoComplete="email" required />
      <NewPasswordField />
      <Button type="submit" variant="primary" busy={entry.isPending} className="entry-submit">
        {entry.isPending ? 'Making your account…' : 'Make an account'}
      </Button>
    </form>
  )
}
