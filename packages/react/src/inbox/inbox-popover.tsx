import { Popover } from '@base-ui/react/popover'
import { type HTMLAttributes, type ReactElement, useState } from 'react'
import { useStrings } from '../provider/strings.ts'
import { Inbox, type InboxProps } from './inbox.tsx'
import type { NotificationPlace } from './place.ts'
import { inboxStrings } from './strings.ts'

export interface InboxPopoverProps extends InboxProps {
  /** The element that opens it: a `Bell`. */
  readonly trigger: ReactElement<HTMLAttributes<HTMLElement>>
  readonly defaultOpen?: boolean
}

/** The inbox in a popover, which closes when somebody goes to a place. */
export function InboxPopover({ trigger, defaultOpen = false, onGoTo, ...props }: InboxPopoverProps) {
  const words = useStrings('inbox', inboxStrings)
  const [open, setOpen] = useState(defaultOpen)
  const go = (place: NotificationPlace) => {
    setOpen(false)
    onGoTo?.(place)
  }
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger render={trigger} />
      <Popover.Portal>
        <Popover.Positioner align="end" sideOffset={6} collisionPadding={8} className="sw-inbox-positioner">
          <Popover.Popup className="sw-inbox-popup" aria-label={words.title}>
            <Inbox {...props} onGoTo={go} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
