import { useEvent } from '@storyweave/react'
import { useEffect } from 'react'

/** Something that the command palette offers. */
export interface Command {
  readonly id: string
  readonly label: string
  /** Where it stands in the list. */
  readonly group: string
  /** Other words by which it is found. */
  readonly keywords?: string
  /** Its keys, as `Mod+K`. */
  readonly keys?: string
  readonly run: () => void
}

type Source = () => readonly Command[]

const sources = new Set<Source>()

/** What can be done here and now, asked when the palette opens. */
export const currentCommands = (): readonly Command[] => [...sources].flatMap((source) => source())

/** Offers commands as long as the component stands; `make` is called when somebody looks for one. */
export function useCommands(make: Source): void {
  const source = useEvent(make)
  useEffect(() => {
    sources.add(source)
    return () => {
      sources.delete(source)
    }
  }, [source])
}
