export { Bell, type BellProps } from './bell.tsx'
export { Inbox, type InboxProps } from './inbox.tsx'
export { InboxPopover, type InboxPopoverProps } from './inbox-popover.tsx'
export { type NotificationPlace, placeOf } from './place.ts'
