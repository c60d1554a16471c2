import { Button, explain, formTexts, Notice, TextField } from '@storyweave/react/ui'
import { useMutation } from '@tanstack/react-query'
import { Navigate, useRouter, useSearch } from '@tanstack/react-router'
import { makeGuestAccount } from '../../app/account.ts'
import { queryClient, useMe } from '../../app/session.ts'
import { useToasts } from '../../app/toasts.ts'
import { useTitle } from '../../app/use-title.ts'
import { EntryFrame } from '../entry/entry-frame.tsx'
import { NewPasswordField } from '../entry/password-field.tsx'

const MAX_NAME_CHARS = 80

/** A guest's way to an account: the same person, with everything they have written. */
export function KeepName() {
  useTitle('Keep your name')
  const me = useMe()
  const router = useRouter()
  const toasts = useToasts()
  const { next = '/' } = useSearch({ from: '/signed-in/keep-name' })
  const making = useMutation({
    mutationFn: makeGuestAccount,
    onSuccess: async () => {
      await queryClient.invalidateQueries()
      toasts.say('The account is yours, and so is everything you wrote as a guest.')
      await router.navigate({ href: next, replace: true })
    },
  })
  if (!me.guest && making.isIdle) return <Navigate to="/account" replace />
  return (
    <EntryFrame
      title="Keep your name"
      aside={<Button onClick={() => void router.navigate({ href: next })}>Go on as a guest</Button>}
    >
      <p className="entry-words">
        As a guest you are known to this browser alone, as long as the link holds. With an account you come
        back from anywhere, and what you wrote stays yours.
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!making.isPending) making.mutate(formTexts(event.currentTarget, 'name', 'email', 'password'))
        }}
      >
        {making.isError && (
          <Notice tone="bad" urgent>
            {explain(making.error)}
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
        <TextField label="E-mail" name="email" type="email" autoComplete="email" required />
        <NewPasswordField />
        <Button type="submit" variant="primary" busy={making.isPending} className="entry-submit">
          {making.isPending ? 'Making your account…' : 'Make an account'}
        </Button>
      </form>
    </EntryFrame>
  )
}
