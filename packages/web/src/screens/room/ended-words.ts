import type { EndReason } from '@storyweave/client'

interface EndWords {
  readonly title: string
  readonly words: string
}

/** Why the room is over, what was kept, and what to do. */
export const END_WORDS: Readonly<Record<EndReason, EndWords>> = {
  signed_out: {
    title: 'You are signed out',
    words: 'What you wrote is kept on this device. Sign in again, and it will be sent.',
  },
  access_revoked: {
    title: 'This story is no longer shared with you',
    words:
      'Its owner has taken your access back, or the link that you came by has ended. What had not arrived yet is still on this device.',
  },
  story_deleted: {
    title: 'This story was deleted',
    words: 'Its owner can bring it back within 30 days. What had not arrived yet is still on this device.',
  },
  too_big: {
    title: 'A change was too big to send',
    words:
      'More than 16 MB at once is not taken. It is kept on this device: copy your text, then undo that change.',
  },
  not_found: {
    title: 'This story can’t be found',
    words: 'It may have been deleted, or it isn’t shared with you. Ask whoever sent you the address.',
  },
  left: {
    title: 'You left this room',
    words: 'Open the story again to go on.',
  },
}
