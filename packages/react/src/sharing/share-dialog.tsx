import type { Permission } from '@storyweave/protocol'
import { useExplain } from '../faults/use-explain.ts'
import { useCan, useSelf, useStory } from '../hooks/room.ts'
import { useStrings } from '../provider/strings.ts'
import { Button } from '../ui/button.tsx'
import { Modal } from '../ui/modal.tsx'
import { Notice } from '../ui/notice.tsx'
import { InviteForm } from './invite-form.tsx'
import { LeaveStory } from './leave-story.tsx'
import { LinkList } from './link-list.tsx'
import { PeopleList } from './people-list.tsx'
import { QuickLink } from './quick-link.tsx'
import { sharingStrings } from './strings.ts'
import { useDoors } from './use-doors.ts'
import { usePeople } from './use-people.ts'

export interface ShareDialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  /** I have left the story: the application goes somewhere else. */
  readonly onLeft?: () => void
}

/**
 * Who is in the story and how others come in, for its owners; for everyone else who is in it, and the way out.
 * Stands inside of a `StoryRoom`.
 */
export function ShareDialog({ open, onOpenChange, onLeft }: ShareDialogProps) {
  const words = useStrings('sharing', sharingStrings)
  const title = useStory()?.title ?? ''
  const mayShare = useCan('share')
  return (
    <Modal
      open={open}
      onOpenChange={onOpenChange}
      className="sw-share"
      title={mayShare ? words.title(title) : words.memberTitle(title)}
    >
      {mayShare ? <OwnersView onLeft={onLeft} /> : <MembersView onLeft={onLeft} />}
      <div className="sw-modal-actions">
        <Button variant={mayShare ? 'quiet' : 'primary'} onClick={() => onOpenChange(false)}>
          {words.done}
        </Button>
      </div>
    </Modal>
  )
}

interface ViewProps {
  readonly onLeft: (() => void) | undefined
}

function OwnersView({ onLeft }: ViewProps) {
  const words = useStrings('sharing', sharingStrings)
  const people = usePeople()
  const doors = useDoors()
  const reload = () => Promise.all([people.reload(), doors.reload()])
  return (
    <div className="sw-modal-body">
      <QuickLink links={doors.answer?.links} onMade={doors.reload} />
      <section className="sw-share-part">
        <h3>{words.invite}</h3>
        <InviteForm mails={doors.answer?.mails ?? false} onInvited={reload} />
      </section>
      <section className="sw-share-part">
        <h3>{words.people}</h3>
        <PeopleList people={people} doors={doors} onChanged={reload} />
      </section>
      <section className="sw-share-part">
        <h3>{words.links}</h3>
        <LinkList links={doors.answer?.links} onChanged={reload} />
      </section>
      <Failed error={people.error ?? doors.error} onAgain={() => void reload()} />
      <Leaving people={people.answer} onLeft={onLeft} />
    </div>
  )
}

function MembersView({ onLeft }: ViewProps) {
  const people = usePeople()
  return (
    <div className="sw-modal-body">
      <PeopleList people={people} />
      <Failed error={people.error} onAgain={() => void people.reload()} />
      <Leaving people={people.answer} onLeft={onLeft} />
    </div>
  )
}

/** For everybody but the owner of the story's project, who is the first of the people. */
function Leaving({
  people = [],
  onLeft,
}: ViewProps & { readonly people: readonly Permission[] | undefined }) {
  const me = useSelf()
  const mine = people.slice(1).find(({ user_id }) => user_id === me?.user_id)
  return mine === undefined ? null : <LeaveStory userId={mine.user_id} onLeft={onLeft} />
}

function Failed({ error, onAgain }: { readonly error: unknown; readonly onAgain: () => void }) {
  const words = useStrings('sharing', sharingStrings)
  const explain = useExplain()
  if (error === undefined) return null
  return (
    <Notice tone="bad" urgent action={<Button onClick={onAgain}>{words.tryAgain}</Button>}>
      <b>{words.failed}</b> {explain(error)}
    </Notice>
  )
}
