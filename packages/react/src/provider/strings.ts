import { useContext, useMemo } from 'react'
import { WeaveContext } from './weave.ts'

/**
 * Words of the interface that an application replaces, by the part they belong to:
 * `{ chat: { placeholder: 'Say something…' } }`. Each part lists its own in a file named `strings.ts`.
 */
export type StringOverrides = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** A part's words, those of the application before its own. Outside of a provider its own. */
export function useStrings<Strings extends object>(part: string, own: Strings): Strings {
  const overrides = useContext(WeaveContext)?.strings[part]
  return useMemo(() => withOverrides(own, overrides), [own, overrides])
}

export const withOverrides = <Strings extends object>(
  own: Strings,
  overrides: StringOverrides[string] | undefined,
): Strings => (overrides === undefined ? own : { ...own, ...overrides })
