import { type Comment as CommentValue, LIMITS, personColor } from '@storyweave/protocol'
import { MoreHorizontal, Pencil, Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import { Composer } from '../compose/composer.tsx'
import { RoomMessageText } from '../compose/room-message-text.tsx'
import { dateStrings } from '../dates/strings.ts'
import { useBeats, useCan, useSelf } from '../hooks/room.ts'
import { useAction } from '../hooks/use-action.ts'
import { useMembers } from '../people/use-members.ts'
import { useRoom } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Face } from '../ui/face.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { Modal } from '../ui/modal.tsx'
import { useFocusHeir } from '../ui/use-focus-heir.ts'
import { commentStrings } from './strings.ts'

/** One comment of a thread: who, when and what. */
export function Comment({ comment }: { readonly comment: CommentValue }) {
  const words = useStrings('comments', commentStrings)
  const [isEditing, setEditing] = useState(false)
  const focus = useFocusHeir(({ frame }) => frame.querySelector('.sw-comment-menu') ?? frame)
  const { user_id, user_name, content, mentions, deleted } = comment
  if (deleted) return <p className="sw-comment-deleted">{words.wasDeleted}</p>
  return (
    <div className="sw-comment" {...focus}>
      <Face name={user_name} color={personColor(user_id)} />
      <div>
        <p className="sw-comment-head">
          <b>{user_name}</b> <Times comment={comment} />
        </p>
        {isEditing ? (
          <EditedComment comment={comment} onEnd={() => setEditing(false)} />
        ) : (
          <RoomMessageText text={content} mentions={mentions} />
        )}
      </div>
      {!isEditing && <CommentMenu comment={comment} onEdit={() => setEditing(true)} />}
    </div>
  )
}

function Times({ comment: { created_at, updated_at } }: { readonly comment: CommentValue }) {
  const words = useStrings('comments', commentStrings)
  const dates = useStrings('dates', dateStrings)
  const made = new Date(created_at)
  return (
    <>
      <time dateTime={created_at} title={dates.exact(made)}>
        {dates.brief(made, new Date())}
      </time>
      {updated_at !== created_at && <span title={dates.exact(new Date(updated_at))}> · {words.edited}</span>}
    </>
  )
}

interface OfComment {
  readonly comment: CommentValue
}

function EditedComment({ comment, onEnd }: OfComment & { readonly onEnd: () => void }) {
  const room = useRoom()
  const words = useStrings('comments', commentStrings)
  const { members } = useMembers()
  const beats = useBeats()
  const [text, setText] = useState(comment.content)
  const isSent = useRef(false)
  const save = useAction(async (content: string) => {
    await room.updateComment(comment.id, content)
    onEnd()
  })
  return (
    <Composer
      label={words.editLabel}
      maxChars={LIMITS.commentChars}
      people={members}
      beats={beats}
      value={text}
      // Sending empties a field; this one keeps its words until the server has them.
      onValueChange={(next) => {
        if (!isSent.current) setText(next)
        isSent.current = false
      }}
      sendLabel={words.save}
      autoFocus
      onSend={(content) => {
        isSent.current = true
        save.run(content)
      }}
      onCancel={onEnd}
    />
  )
}

function CommentMenu({ comment, onEdit }: OfComment & { readonly onEdit: () => void }) {
  const words = useStrings('comments', commentStrings)
  const isMine = useSelf()?.user_id === comment.user_id
  const mayDeleteAny = useCan('delete_any_comment')
  const takesPart = useCan('take_part')
  const [isRemoving, setRemoving] = useState(false)
  if (!takesPart || !(isMine || mayDeleteAny)) return null
  return (
    <>
      <Menu
        trigger={
          <IconButton label={words.more(comment.user_name)} className="sw-comment-menu">
            <MoreHorizontal aria-hidden size={16} />
          </IconButton>
        }
      >
        {isMine && (
          <MenuItem onClick={onEdit}>
            <Pencil aria-hidden size={16} />
            {words.edit}
          </MenuItem>
        )}
        <MenuItem onClick={() => setRemoving(true)}>
          <Trash2 aria-hidden size={16} />
          {words.remove}
        </MenuItem>
      </Menu>
      <RemoveDialog comment={comment} open={isRemoving} onOpenChange={setRemoving} />
    </>
  )
}

interface RemoveDialogProps extends OfComment {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

function RemoveDialog({ comment, open, onOpenChange }: RemoveDialogProps) {
  const room = useRoom()
  const words = useStrings('comments', commentStrings)
  const remove = useAction(async () => {
    await room.deleteComment(comment.id)
    onOpenChange(false)
  })
  return (
    <Modal
      open={open}
      onOpenChange={onOpenChange}
      title={words.removeTitle}
      description={words.removeWarning}
    >
      <div className="sw-modal-actions">
        <Button onClick={() => onOpenChange(false)}>{words.cancel}</Button>
        <Button variant="danger" busy={remove.busy} onClick={remove.run}>
          {words.remove}
        </Button>
      </div>
    </Modal>
  )
}
