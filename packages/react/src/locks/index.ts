export { LockBadge, type LockBadgeProps } from './lock-badge.tsx'
export { LockQuestions } from './lock-questions.tsx'
export { LockStrip, type LockStripProps } from './lock-strip.tsx'
