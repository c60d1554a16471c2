import { z } from 'zod'
import { idSchema, timeSchema } from './fields.ts'

/** A lock is a lease on a beat: one holder, until a time. */
export const lockSchema = z
  .object({ beat_id: idSchema, locked_by: idSchema, locked_by_name: z.string(), expires_at: timeSchema })
  .meta({ id: 'BeatLock' })
export type BeatLock = z.infer<typeof lockSchema>

/** Minutes a lock is asked for. */
export const LOCK_MINUTES = { least: 1, most: 120, usual: 30 } as const
const { least, most } = LOCK_MINUTES
const complaint = `must be a whole number of minutes from ${least} to ${most}`
export const lockMinutesSchema = z.int(complaint).min(least, complaint).max(most, complaint)

export const UNLOCK_REASONS = [
  'released',
  'expired',
  'idle',
  'disconnected',
  'overridden',
  'role_changed',
] as const
export type UnlockReason = (typeof UNLOCK_REASONS)[number]
