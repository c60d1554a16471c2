/** Whole numbers as they stand in a statement; whatever is none makes a statement that Postgres refuses. */

export const whole = (value: number): string => String(Math.trunc(value))

export const listed = (...values: readonly number[]): string => values.map(whole).join(', ')

/** As an array of 64 bits each, every number once. */
export const arrayOf = (values: readonly number[]): string => bigints([...new Set(values)])

/** A table of these columns, which are of one length. */
export const unnested = (columns: readonly (readonly number[])[]): string =>
  `unnest(${columns.map(bigints).join(', ')})`

const bigints = (values: readonly number[]): string => `'{${values.map(whole).join(',')}}'::bigint[]`
