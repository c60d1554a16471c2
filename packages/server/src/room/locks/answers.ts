import type { ErrorCode, FaultDetails, RequestId } from '@storyweave/protocol'
import type { Member } from '../member.ts'
import type { Lock, Millis } from '../ports.ts'
import { lockDetails } from './known-locks.ts'

/** What people are told who want something of the lock desk. */

export const iso = (time: Millis): string => new Date(time).toISOString()

export const echo = (request_id: RequestId | undefined) => (request_id === undefined ? {} : { request_id })

export function fail(
  member: Member,
  id: RequestId | undefined,
  code: ErrorCode,
  message: string,
  details: FaultDetails = {},
): void {
  member.tell({ type: 'error', code, message, ...echo(id), ...details }, 'asked')
}

export const refuseAway = (member: Member, id: RequestId | undefined): void =>
  fail(member, id, 'unavailable', 'Locks can’t be changed at the moment; try again.')

export const refuseLocked = (member: Member, lock: Lock, id: RequestId | undefined): void =>
  fail(member, id, 'beat_locked', `${lock.userName} has locked this beat.`, lockDetails(lock))
