import type { LinkChanges, ShareLink } from '@storyweave/protocol'
import { Copy, Link2, Pencil, X } from 'lucide-react'
import { useState } from 'react'
import { type DateStrings, dateStrings } from '../dates/strings.ts'
import { useAction } from '../hooks/use-action.ts'
import { useStore } from '../hooks/use-store.ts'
import { useRoom } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { useWeave } from '../provider/weave.ts'
import { IconButton } from '../ui/button.tsx'
import { Confirm } from './confirm.tsx'
import { LinkField } from './link-field.tsx'
import { LinkForm } from './link-form.tsx'
import { type SharingStrings, sharingStrings } from './strings.ts'
import { isPast } from './times.ts'
import { toldAddresses } from './told-addresses.ts'

interface LinkRowProps {
  readonly link: ShareLink
  readonly onChanged: () => Promise<unknown>
}

type Below = 'address' | 'terms' | 'removal'

export function LinkRow({ link, onChanged }: LinkRowProps) {
  const words = useStrings('sharing', sharingStrings)
  const dates = useStrings('dates', dateStrings)
  const room = useRoom()
  const { rest, toasts } = useWeave()
  const address = useStore(toldAddresses(room)).links.get(link.id)
  const [below, setBelow] = useState<Below>()
  const change = useAction(async (changes: LinkChanges) => {
    await rest.links.update(room.storyId, link.id, changes)
    if (changes.enabled === false) toasts.say(words.switchOffNote(link.uses))
    setBelow(undefined)
    await onChanged()
  })
  const remove = useAction(async () => {
    await rest.links.remove(room.storyId, link.id)
    await onChanged()
  })
  const name = words.linkOf(words.roles[link.role])
  const toggle = (what: Below) => setBelow(below === what ? undefined : what)
  return (
    <li className="sw-person" data-closed={!isOpen(link) || undefined}>
      <span className="sw-person-mail">
        <Link2 aria-hidden size={15} />
      </span>
      <span className="sw-person-who">
        <b>{name}</b>
        <small>{termsOf(link, words, dates)}</small>
      </span>
      <button
        type="button"
        role="switch"
        aria-checked={link.enabled}
        aria-label={words.linkSwitch(name)}
        title={words.linkSwitch(name)}
        className="sw-switch"
        onClick={() => change.run({ enabled: !link.enabled })}
      />
      {address !== undefined && (
        <IconButton label={words.copyLink} onClick={() => toggle('address')}>
          <Copy aria-hidden size={15} />
        </IconButton>
      )}
      <IconButton
        label={words.changeLink(name)}
        aria-expanded={below === 'terms'}
        onClick={() => toggle('terms')}
      >
        <Pencil aria-hidden size={15} />
      </IconButton>
      <IconButton
        label={words.removeLink(name)}
        aria-expanded={below === 'removal'}
        onClick={() => toggle('removal')}
      >
        <X aria-hidden size={16} />
      </IconButton>
      {below === 'address' && address !== undefined && (
        <LinkField address={address} copiedWords={words.copied} />
      )}
      {below === 'terms' && (
        <LinkForm link={link} busy={change.busy} onSubmit={change.run} onCancel={() => setBelow(undefined)} />
      )}
      {below === 'removal' && (
        <Confirm
          question={words.removeLinkQuestion(link.uses)}
          yes={words.remove}
          no={words.keep}
          busy={remove.busy}
          onYes={remove.run}
          onNo={() => setBelow(undefined)}
        />
      )}
    </li>
  )
}

const isOpen = ({ enabled, expires_at, uses, max_uses }: ShareLink): boolean =>
  enabled && !isPast(expires_at, Date.now()) && uses < max_uses

/** "3 of 10 guests · until 4 December · with a passcode" */
function termsOf(
  { uses, max_uses, expires_at, has_passcode, enabled }: ShareLink,
  words: SharingStrings,
  dates: DateStrings,
) {
  const moment = dates.moment(new Date(expires_at), new Date())
  const over = isPast(expires_at, Date.now())
  return [
    !enabled && words.off,
    words.usesOf(uses, max_uses),
    over ? words.expired(moment) : words.until(moment),
    has_passcode && words.withPasscode,
  ]
    .filter(Boolean)
    .join(' · ')
}
