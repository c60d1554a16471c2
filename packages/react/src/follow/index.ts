export { FollowStrip, type FollowStripProps } from './follow-strip.tsx'
export { type Follow, useFollow } from './use-follow.ts'
export { useGoToPerson } from './use-go-to-person.ts'
