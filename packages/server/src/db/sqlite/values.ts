import type { SqlValue } from './messages.ts'

/**
 * What a query's parameter is to SQLite: booleans become 0 and 1, dates ISO 8601 text, undefined null.
 * @throws TypeError for what has no place in a column.
 */
export function toSql(value: unknown): SqlValue {
  if (value === undefined || value === null) return null
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return compactBytes(value)
  throw new TypeError(`A query's parameter can't be ${aKind(value)}: write it as text, a number or bytes`)
}

const aKind = (value: unknown): string => (typeof value === 'object' ? 'an object' : `a ${typeof value}`)

/** Sending a view to another thread copies all of the buffer behind it, so a small part of a large one is cut out. */
export const compactBytes = (bytes: Uint8Array): Uint8Array =>
  bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)

type FromSql = (value: unknown) => unknown

const CONVERSIONS: Readonly<Record<string, FromSql>> = {
  boolean: (value) => (typeof value === 'number' ? value !== 0 : value),
  timestamptz: (value) => (typeof value === 'string' ? new Date(value) : value),
}

/** How a column declared with this type is read; undefined where SQLite's own value is right. */
export const conversionOf = (declaredType: string | null): FromSql | undefined =>
  declaredType === null ? undefined : CONVERSIONS[declaredType.toLowerCase()]
