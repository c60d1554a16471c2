import { z } from 'zod'
import { cardChangesSchema } from './client-messages.ts'
import { filledTitleSchema, idSchema, textSchema, timeSchema, titleSchema } from './fields.ts'
import { LIMITS } from './limits.ts'
import { roleSchema } from './people.ts'
import { beatSchema, projectSchema, sceneSchema, storySchema, storyStatusSchema } from './story.ts'

/** The bodies and answers of REST. A list is `{<things>, next}`; `next` is a cursor for `?after=`, or null. */

const list = <Name extends string, Thing extends z.ZodType>(name: Name, thing: Thing) =>
  z.object({ [name]: z.array(thing), next: z.string().nullable() } as {
    [K in Name]: z.ZodArray<Thing>
  } & { next: z.ZodNullable<z.ZodString> })

export const meSchema = z
  .object({
    user_id: idSchema,
    name: z.string(),
    /** Null for guests. */
    email: z.string().nullable(),
    color: z.string(),
    guest: z.boolean(),
  })
  .meta({ id: 'Me' })
export type Me = z.infer<typeof meSchema>

/** What the house's own pages have to know before anybody is there. */
export const houseSchema = z
  .object({
    /** Whether it sends mail: otherwise no letter brings an invitation, and nobody gets a new password by themselves. */
    mail: z.boolean(),
    sign_up: z.enum(['open', 'invited']),
  })
  .meta({ id: 'House' })
export type House = z.infer<typeof houseSchema>

export const ticketSchema = z.object({ ticket: z.string(), expires_at: timeSchema }).meta({ id: 'Ticket' })
export type Ticket = z.infer<typeof ticketSchema>

const note = textSchema(LIMITS.cardFieldChars)

export const newProjectSchema = z
  .object({ name: filledTitleSchema, description: note.nullish() })
  .meta({ id: 'NewProject' })
export const projectChangesSchema = newProjectSchema.partial().meta({ id: 'ProjectChanges' })
export const projectListSchema = list('projects', projectSchema)

export const STORY_TEMPLATES = [
  'blank',
  'three_acts',
  'save_the_cat',
  'heros_journey',
  'story_circle',
] as const
const storyFields = {
  premise: note.nullish(),
  genre: titleSchema.nullish(),
  logline: note.nullish(),
  length: titleSchema.nullish(),
  project_id: idSchema.optional(),
}
export const newStorySchema = z
  .object({ title: filledTitleSchema, ...storyFields, template: z.enum(STORY_TEMPLATES).optional() })
  .meta({ id: 'NewStory' })
export type NewStory = z.infer<typeof newStorySchema>
export const storyChangesSchema = z
  .object({ title: filledTitleSchema.optional(), ...storyFields, status: storyStatusSchema.optional() })
  .meta({ id: 'StoryChanges' })
export type StoryChanges = z.infer<typeof storyChangesSchema>
export const storyListSchema = list('stories', storySchema)

const act = titleSchema.nullish()
export const newBeatSchema = z
  .object({
    title: textSchema(LIMITS.cardFieldChars),
    goal: note.optional(),
    conflict: note.optional(),
    outcome: note.optional(),
    act,
    /** Absent: at the end. Null: first. */
    after_beat_id: idSchema.nullish(),
  })
  .meta({ id: 'NewBeat' })
export type NewBeat = z.infer<typeof newBeatSchema>
export const beatChangesSchema = cardChangesSchema
  .extend({ act, base: cardChangesSchema.optional() })
  .meta({ id: 'BeatChanges' })
export type BeatChanges = z.infer<typeof beatChangesSchema>
/** `PUT` names the whole card. */
export const beatCardSchema = cardChangesSchema
  .required()
  .extend({ act, base: cardChangesSchema.optional() })
  .meta({ id: 'BeatCard' })
export const beatOrderSchema = z.object({ beat_ids: z.array(idSchema) }).meta({ id: 'BeatOrder' })
/** A move is relative: whatever others move at the same moment stays moved. An `act` that is left out stays. */
export const beatMoveSchema = z
  .object({
    act,
    /** Absent: to the end. Null: to the start. */
    after_beat_id: idSchema.nullish(),
  })
  .meta({ id: 'BeatMove' })
export type BeatMove = z.infer<typeof beatMoveSchema>
export const actRenameSchema = z
  .object({ from: filledTitleSchema, to: filledTitleSchema })
  .meta({ id: 'ActRename' })
export type ActRename = z.infer<typeof actRenameSchema>
export const beatListSchema = list('beats', beatSchema)

/** A scene's whole text as Markdown: as large as a file that can be imported, within one request. */
const markdown = textSchema(2_000_000)
export const newSceneSchema = z
  .object({
    title: titleSchema.nullish(),
    text: markdown.optional(),
    /** Absent: at the end. Null: first. */
    after_scene_id: idSchema.nullish(),
  })
  .meta({ id: 'NewScene' })
export type NewScene = z.infer<typeof newSceneSchema>
export const sceneChangesSchema = z
  .object({
    title: titleSchema.nullish(),
    text: markdown.optional(),
    /** The scene's `version` that `text` was made from. */
    version: z.int().min(0).optional(),
  })
  .refine((changes) => changes.text === undefined || changes.version !== undefined, {
    path: ['version'],
    message: 'is needed with text: the version it is based on',
  })
  .meta({ id: 'SceneChanges' })
export type SceneChanges = z.infer<typeof sceneChangesSchema>
/** `at`: how many of the scene's top-level blocks (paragraphs, quotes, lists…) stay; the rest becomes the new scene. */
export const sceneSplitSchema = z.object({ at: z.int().min(1) }).meta({ id: 'SceneSplit' })
export const sceneMoveSchema = z
  .object({ beat_id: idSchema, after_scene_id: idSchema.nullish() })
  .meta({ id: 'SceneMove' })

export const permissionSchema = z
  .object({
    user_id: idSchema,
    user_name: z.string(),
    /** For owners to see; null for everyone else, and of who has none. */
    email: z.string().nullable(),
    guest: z.boolean(),
    role: roleSchema,
    /** Null for the project's owner, and where a host application shared. */
    invited_by: idSchema.nullable(),
    created_at: timeSchema,
  })
  .meta({ id: 'Permission' })
export type Permission = z.infer<typeof permissionSchema>
export const permissionListSchema = z.object({ permissions: z.array(permissionSchema) })

export const roleChangeSchema = z.object({ role: roleSchema }).meta({ id: 'RoleChange' })

/** Who is in the stories that I may read, at this moment; stories with nobody in them are left out. */
export const presenceListSchema = z
  .object({
    presence: z.array(
      z.object({
        story_id: idSchema,
        users: z.array(z.object({ user_id: idSchema, user_name: z.string(), color: z.string() })),
      }),
    ),
  })
  .meta({ id: 'Presence' })
export type StoryPresence = z.infer<typeof presenceListSchema>['presence'][number]

/** What one person wrote in one beat within an hour of the clock, newest first. */
export const stintSchema = z
  .object({
    beat_id: idSchema,
    user_id: idSchema,
    user_name: z.string(),
    first_at: timeSchema,
    last_at: timeSchema,
    /** How many changes of the beat's document: one for some tenths of a second of typing. */
    changes: z.int(),
  })
  .meta({ id: 'Stint' })
export type Stint = z.infer<typeof stintSchema>
export const stintListSchema = list('stints', stintSchema)

/** `POST /api/stories/import`: a Markdown file as the request's body (`text/markdown`), its title in the query. */
export const importedStorySchema = z
  .object({ story: storySchema, beats: z.int(), scenes: z.int(), words: z.int() })
  .meta({ id: 'ImportedStory' })
export type ImportedStory = z.infer<typeof importedStorySchema>

export { beatSchema, projectSchema, sceneSchema, storySchema }
