import { Fault, type Me } from '@storyweave/protocol'
import { Button, explain, formTexts, Notice, TextField } from '@storyweave/react/ui'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { api } from '../../app/api.ts'
import { forgetDoor } from '../../app/door-token.ts'
import { storyLink } from '../../app/link-to-story.ts'
import { forgetSession } from '../../app/session.ts'

/** As many as the server takes. */
const MAX_NAME_CHARS = 80
const MAX_PASSCODE_CHARS = 200

interface JoinFormProps {
  readonly token: string
  /** Null for who becomes a guest by it. */
  readonly me: Me | null
  readonly needsPasscode: boolean
}

interface Answers {
  readonly name: string
  readonly passcode: string
}

export function JoinForm({ token, me, needsPasscode }: JoinFormProps) {
  const router = useRouter()
  const joining = useMutation({
    mutationFn: ({ name, passcode }: Answers) =>
      api.door.join({ token, ...(me === null && { name }), ...(needsPasscode && { passcode }) }),
    onSuccess: async ({ story_id }) => {
      forgetDoor()
      // A new guest is somebody whom this browser did not know.
      if (me === null) await forgetSession()
      await router.navigate({ ...storyLink(story_id), replace: true })
    },
  })
  const isWrongPasscode = isAboutPasscode(joining.error)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (!joining.isPending) joining.mutate(formTexts(event.currentTarget, 'name', 'passcode'))
      }}
    >
      {joining.isError && !isWrongPasscode && (
        <Notice tone="bad" urgent>
          {explain(joining.error)}
        </Notice>
      )}
      {me === null && (
        <TextField
          label="Your name"
          name="name"
          autoComplete="name"
          maxLength={MAX_NAME_CHARS}
          pattern=".*\S.*"
          hint="The others see it beside your caret."
          required
        />
      )}
      {needsPasscode && (
        <TextField
          label="Passcode"
          name="passcode"
          type="password"
          autoComplete="off"
          maxLength={MAX_PASSCODE_CHARS}
          hint="Whoever gave you the link knows it."
          error={isWrongPasscode ? 'This is not the passcode. Check it and try again.' : undefined}
          required
        />
      )}
      <Button type="submit" variant="primary" busy={joining.isPending} className="entry-submit">
        {joining.isPending ? 'Coming in…' : 'Come in'}
      </Button>
    </form>
  )
}

const isAboutPasscode = (error: unknown): boolean =>
  error instanceof Fault && error.code === 'forbidden' && error.details.path === 'passcode'
