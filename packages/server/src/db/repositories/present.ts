import type { Project, Role, SceneSummary, Story } from '@storyweave/protocol'
import type { ProjectRow, SceneRow, StoryRow } from '../schema.ts'

/** Rows as they go over the wire. */

/** ISO 8601 in UTC with milliseconds. */
export const isoTime = (at: number): string => new Date(at).toISOString()

export const presentProject = (row: ProjectRow): Project => ({
  id: row.id,
  name: row.name,
  description: row.description,
  created_at: isoTime(row.created_at),
  updated_at: isoTime(row.updated_at),
})

/** A story without the reader's role, which differs. */
export const presentSharedStory = (row: StoryRow): Omit<Story, 'role'> => ({
  id: row.id,
  project_id: row.project_id,
  title: row.title,
  premise: row.premise,
  genre: row.genre,
  logline: row.logline,
  length: row.length,
  status: row.status,
  created_at: isoTime(row.created_at),
  updated_at: isoTime(row.updated_at),
})

export const presentStory = (row: StoryRow, role: Role): Story => ({ ...presentSharedStory(row), role })

export const presentSceneSummary = (
  row: Pick<SceneRow, 'id' | 'key' | 'title' | 'word_count'>,
): SceneSummary => ({ id: row.id, key: row.key, title: row.title, word_count: row.word_count })
