import type { ShareLink } from '@storyweave/protocol'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useAction } from '../hooks/use-action.ts'
import { useRoom } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { useWeave } from '../provider/weave.ts'
import { Button } from '../ui/button.tsx'
import { copyText } from './copy.ts'
import { LinkField } from './link-field.tsx'
import { LinkForm, type LinkTerms } from './link-form.tsx'
import { LinkRow } from './link-row.tsx'
import { sharingStrings } from './strings.ts'
import { toldAddresses } from './told-addresses.ts'

interface LinkListProps {
  readonly links: readonly ShareLink[] | undefined
  readonly onChanged: () => Promise<unknown>
}

/** The links of a story, and another one with terms of one's own. */
export function LinkList({ links, onChanged }: LinkListProps) {
  const words = useStrings('sharing', sharingStrings)
  return (
    <>
      {links?.length === 0 && <p className="sw-share-said">{words.noLinks}</p>}
      {links !== undefined && links.length > 0 && (
        <ul aria-label={words.links} className="sw-people">
          {links.map((link) => (
            <LinkRow key={link.id} link={link} onChanged={onChanged} />
          ))}
        </ul>
      )}
      <NewLinkForm onMade={onChanged} />
    </>
  )
}

function NewLinkForm({ onMade }: { readonly onMade: () => Promise<unknown> }) {
  const words = useStrings('sharing', sharingStrings)
  const room = useRoom()
  const { rest } = useWeave()
  const [open, setOpen] = useState(false)
  const [made, setMade] = useState<{ readonly address: string; readonly copied: boolean }>()
  const make = useAction(async ({ passcode, ...terms }: LinkTerms) => {
    const { id, link: address } = await rest.links.create(room.storyId, {
      ...terms,
      ...(passcode != null && { passcode }),
    })
    toldAddresses(room).keep('links', id, address)
    setMade({ address, copied: await copyText(address) })
    setOpen(false)
    await onMade()
  })
  return (
    <>
      {made !== undefined && (
        <LinkField
          key={made.address}
          address={made.address}
          copied={made.copied}
          copiedWords={`${words.copied} ${words.linkMade}`}
        />
      )}
      {open ? (
        <LinkForm busy={make.busy} onSubmit={make.run} onCancel={() => setOpen(false)} />
      ) : (
        <Button className="sw-share-more" onClick={() => setOpen(true)}>
          <Plus aria-hidden size={16} />
          {words.moreLinks}
        </Button>
      )}
    </>
  )
}
