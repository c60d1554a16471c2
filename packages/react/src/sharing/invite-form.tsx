import type { MadeInvitation } from '@storyweave/protocol'
import { useRef, useState } from 'react'
import { useAction } from '../hooks/use-action.ts'
import { useRoom } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { useWeave } from '../provider/weave.ts'
import { Button } from '../ui/button.tsx'
import { formTexts } from '../ui/form-texts.ts'
import { LinkField } from './link-field.tsx'
import { GUEST_ROLES, RoleSelect, roleIn } from './role-select.tsx'
import { sharingStrings } from './strings.ts'
import { toldAddresses } from './told-addresses.ts'

interface InviteFormProps {
  /** Whether the house sends the invitation itself. */
  readonly mails: boolean
  readonly onInvited: () => Promise<unknown>
}

/** Invites an address. What the server answers says nothing of whether somebody has an account with it. */
export function InviteForm({ mails, onInvited }: InviteFormProps) {
  const words = useStrings('sharing', sharingStrings)
  const room = useRoom()
  const { rest } = useWeave()
  const [made, setMade] = useState<MadeInvitation>()
  const form = useRef<HTMLFormElement>(null)
  const invite = useAction(async (email: string, role: (typeof GUEST_ROLES)[number]) => {
    const answer = await rest.permissions.share(room.storyId, { email, role })
    if (!('invitation' in answer)) return
    toldAddresses(room).keep('invitations', answer.invitation.id, answer.invitation.link)
    setMade(answer.invitation)
    form.current?.reset()
    await onInvited()
  })
  return (
    <>
      <form
        ref={form}
        className="sw-invite"
        onSubmit={(event) => {
          event.preventDefault()
          const { email, role } = formTexts(event.currentTarget, 'email', 'role')
          invite.run(email.trim(), roleIn(GUEST_ROLES, role) ?? 'editor')
        }}
      >
        <input
          className="sw-input"
          name="email"
          type="email"
          aria-label={words.email}
          placeholder={words.emailExample}
          autoComplete="off"
          required
        />
        <RoleSelect name="role" aria-label={words.role} roles={GUEST_ROLES} />
        <Button type="submit" busy={invite.busy}>
          {words.inviteSend}
        </Button>
      </form>
      <p role="status" className="sw-share-said">
        {made && (mails ? words.invitedByMail(made.email) : words.invitedByHand(made.email))}
      </p>
      {made && !mails && <LinkField key={made.link} address={made.link} copiedWords={words.copied} />}
    </>
  )
}
