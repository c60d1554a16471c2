import { AUTH_ROWS } from './auth-rows.ts'
import { BEAT_ROWS } from './beat-rows.ts'
import { DISCUSSION_ROWS } from './discussion-rows.ts'
import { HOUSE_ROWS } from './house-rows.ts'
import type { RouteRow } from './row.ts'
import { SHARING_ROWS } from './sharing-rows.ts'
import { STORY_ROWS } from './story-rows.ts'

export const STORY_ROUTE_ROWS: readonly RouteRow[] = [
  ...HOUSE_ROWS,
  ...STORY_ROWS,
  ...BEAT_ROWS,
  ...DISCUSSION_ROWS,
  ...SHARING_ROWS,
]

/** The rights table of REST. */
export const ROUTE_ROWS: readonly RouteRow[] = [...STORY_ROUTE_ROWS, ...AUTH_ROWS]
