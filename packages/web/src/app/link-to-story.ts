import type { LinkOptions } from '@tanstack/react-router'

/** Where a story, or one of its beats, is read and written. What stands beside it stays as it is. */
export const storyLink = (storyId: number) =>
  ({ to: '/stories/$storyId', params: { storyId: String(storyId) } }) as const satisfies LinkOptions

export const beatLink = (storyId: number, beatId: number) =>
  ({
    to: '/stories/$storyId/beats/$beatId',
    params: { storyId: String(storyId), beatId: String(beatId) },
  }) as const satisfies LinkOptions

export const boardLink = (storyId: number) =>
  ({ to: '/stories/$storyId/board', params: { storyId: String(storyId) } }) as const satisfies LinkOptions
