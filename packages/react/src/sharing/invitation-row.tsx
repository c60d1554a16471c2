import type { Invitation } from '@storyweave/protocol'
import { Mail, RotateCw, X } from 'lucide-react'
import { useState } from 'react'
import { dateStrings } from '../dates/strings.ts'
import { useAction } from '../hooks/use-action.ts'
import { useStore } from '../hooks/use-store.ts'
import { useRoom } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { useWeave } from '../provider/weave.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { LinkField } from './link-field.tsx'
import { sharingStrings } from './strings.ts'
import { isPast } from './times.ts'
import { toldAddresses } from './told-addresses.ts'

interface InvitationRowProps {
  readonly invitation: Invitation
  readonly mails: boolean
  readonly onChanged: () => Promise<unknown>
}

/** Somebody who is invited and has not come yet. */
export function InvitationRow({ invitation, mails, onChanged }: InvitationRowProps) {
  const { id, email, role, expires_at } = invitation
  const words = useStrings('sharing', sharingStrings)
  const dates = useStrings('dates', dateStrings)
  const room = useRoom()
  const { rest, toasts } = useWeave()
  const address = useStore(toldAddresses(room)).invitations.get(id)
  const [shown, setShown] = useState(false)
  const resend = useAction(async () => {
    const answer = await rest.invitations.resend(room.storyId, id)
    toldAddresses(room).keep('invitations', id, answer.invitation.link)
    toasts.say(mails ? words.sentAgain(email) : words.linkAnew(email))
    setShown(true)
    await onChanged()
  })
  const withdraw = useAction(async () => {
    await rest.invitations.withdraw(room.storyId, id)
    toasts.say(words.withdrawn(email))
    await onChanged()
  })
  const over = isPast(expires_at, Date.now())
  return (
    <li className="sw-person">
      <span className="sw-person-mail">
        <Mail aria-hidden size={15} />
      </span>
      <span className="sw-person-who">
        <b>{email}</b>
        <small>
          {over ? words.pendingOver : words.pending(dates.moment(new Date(expires_at), new Date()))}
        </small>
      </span>
      <span className="sw-person-role">{words.roles[role]}</span>
      {address !== undefined && !shown && (
        <Button aria-label={words.copyInvitation(email)} onClick={() => setShown(true)}>
          {words.copyLink}
        </Button>
      )}
      <Button
        aria-label={mails ? words.sendAgainTo(email) : words.newLinkFor(email)}
        busy={resend.busy}
        onClick={resend.run}
      >
        <RotateCw aria-hidden size={14} />
        {mails ? words.sendAgain : words.newLink}
      </Button>
      <IconButton label={words.withdrawFrom(email)} onClick={withdraw.run}>
        <X aria-hidden size={16} />
      </IconButton>
      {shown && address !== undefined && (
        <LinkField key={address} address={address} copiedWords={words.copied} />
      )}
    </li>
  )
}
