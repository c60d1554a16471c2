import { createStoryRoom, type StoryRoomApi } from '@storyweave/client'
import { SCHEMA_VERSION } from '@storyweave/prose'
import { houseFetch } from './api.ts'

export const openRoom = (storyId: number, userId: number): StoryRoomApi =>
  createStoryRoom({ storyId, userId, schema: SCHEMA_VERSION, fetch: houseFetch })
