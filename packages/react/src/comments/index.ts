export { CommentComposer, type CommentComposerProps } from './comment-composer.tsx'
export { Thread, type ThreadProps } from './thread.tsx'
export { Threads, type ThreadsProps } from './threads.tsx'
