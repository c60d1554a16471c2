import { z } from 'zod'
import { idSchema, timeSchema } from './fields.ts'
import { roleSchema } from './people.ts'

export const STORY_STATUSES = ['draft', 'outline', 'in_progress', 'completed', 'archived'] as const
export const storyStatusSchema = z.enum(STORY_STATUSES)

export const projectSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    description: z.string().nullable(),
    created_at: timeSchema,
    updated_at: timeSchema,
  })
  .meta({ id: 'Project' })
export type Project = z.infer<typeof projectSchema>

export const storySchema = z
  .object({
    id: idSchema,
    project_id: idSchema,
    title: z.string(),
    premise: z.string().nullable(),
    genre: z.string().nullable(),
    logline: z.string().nullable(),
    /** What the writer aims at, in words of their own: "novella", "80,000 words". */
    length: z.string().nullable(),
    status: storyStatusSchema,
    /** The asking person's role. */
    role: roleSchema,
    created_at: timeSchema,
    updated_at: timeSchema,
  })
  .meta({ id: 'Story' })
export type Story = z.infer<typeof storySchema>

export const sceneSchema = z
  .object({
    id: idSchema,
    beat_id: idSchema,
    /** The scene's fragment in its beat's document is `scene/{key}`. */
    key: z.string(),
    title: z.string().nullable(),
    /** Markdown. */
    text: z.string(),
    /** The beat document's `seq` that the text was made from; a `PATCH` of text names it. */
    version: z.int(),
    word_count: z.int(),
    created_at: timeSchema,
    updated_at: timeSchema,
  })
  .meta({ id: 'Scene' })
export type Scene = z.infer<typeof sceneSchema>

/** A scene where only its place matters: in outlines and events. */
export const sceneSummarySchema = z
  .object({ id: idSchema, key: z.string(), title: z.string().nullable(), word_count: z.int() })
  .meta({ id: 'SceneSummary' })
export type SceneSummary = z.infer<typeof sceneSummarySchema>

export const beatSummarySchema = z
  .object({
    id: idSchema,
    /** The beat's place in its story, from 0. */
    beat_index: z.int(),
    act: z.string().nullable(),
    title: z.string(),
    scenes: z.array(sceneSummarySchema),
  })
  .meta({ id: 'BeatSummary' })
export type BeatSummary = z.infer<typeof beatSummarySchema>

export const beatSchema = beatSummarySchema
  .extend({
    story_id: idSchema,
    goal: z.string(),
    conflict: z.string(),
    outcome: z.string(),
    updated_at: timeSchema,
  })
  .meta({ id: 'Beat' })
export type Beat = z.infer<typeof beatSchema>
