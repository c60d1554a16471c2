export type * from '@storyweave/react/types/collaboration'
