import type { ShareLink } from '@storyweave/protocol'
import { Link2 } from 'lucide-react'
import { useState } from 'react'
import { dateStrings } from '../dates/strings.ts'
import { useAction } from '../hooks/use-action.ts'
import { useStore } from '../hooks/use-store.ts'
import { useRoom } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { useWeave } from '../provider/weave.ts'
import { Button } from '../ui/button.tsx'
import { copyText } from './copy.ts'
import { LinkField } from './link-field.tsx'
import { sharingStrings } from './strings.ts'
import { isPast } from './times.ts'
import { type Told, toldAddresses } from './told-addresses.ts'

interface QuickLinkProps {
  readonly links: readonly ShareLink[] | undefined
  readonly onMade: () => Promise<void>
}

interface UsualLink {
  readonly address: string
  readonly expiresAt: string
}

interface Copied extends UsualLink {
  readonly inClipboard: boolean
}

/** One press: an editor link with the house's usual terms, in the clipboard. A second press copies the same one. */
export function QuickLink({ links = [], onMade }: QuickLinkProps) {
  const words = useStrings('sharing', sharingStrings)
  const dates = useStrings('dates', dateStrings)
  const room = useRoom()
  const { rest } = useWeave()
  const told = useStore(toldAddresses(room))
  const [copied, setCopied] = useState<Copied>()
  const make = async (): Promise<UsualLink> => {
    const { id, link, expires_at } = await rest.links.create(room.storyId)
    toldAddresses(room).keep('links', id, link)
    return { address: link, expiresAt: expires_at }
  }
  const copy = useAction(async () => {
    const { address, expiresAt } = usualAmong(links, told) ?? (await make())
    setCopied({ address, expiresAt, inClipboard: await copyText(address) })
    await onMade()
  })
  return (
    <section className="sw-quick-link">
      <div className="sw-quick-link-offer">
        <div>
          <h3>{words.copyLinkTitle}</h3>
          <p>
            {words.copyLinkWords} {words.copyLinkTerms}
          </p>
        </div>
        <Button variant="primary" busy={copy.busy} onClick={copy.run}>
          <Link2 aria-hidden size={16} />
          {words.copyLink}
        </Button>
      </div>
      {copied !== undefined && (
        <LinkField
          key={`${copied.address} ${copied.inClipboard}`}
          address={copied.address}
          copied={copied.inClipboard}
          copiedWords={words.copiedLink(dates.moment(new Date(copied.expiresAt), new Date()))}
        />
      )}
    </section>
  )
}

/** One that was made here before and still lets people in. */
function usualAmong(links: readonly ShareLink[], told: Told): UsualLink | undefined {
  for (const link of links) {
    const address = told.links.get(link.id)
    if (address !== undefined && isUsual(link, Date.now())) return { address, expiresAt: link.expires_at }
  }
  return undefined
}

/** With the terms that `words.copyLinkTerms` names, and still open. */
function isUsual(
  { role, max_uses, uses, has_passcode, enabled, expires_at }: ShareLink,
  now: number,
): boolean {
  return (
    role === 'editor' &&
    max_uses === 10 &&
    uses < max_uses &&
    !has_passcode &&
    enabled &&
    !isPast(expires_at, now)
  )
}
