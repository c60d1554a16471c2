import { useRouterState } from '@tanstack/react-router'

/** What of a story stands in the middle. */
export type RoomAddress =
  | { readonly view: 'beat'; readonly beatId: number }
  | { readonly view: 'board' }
  /** The first beat, where there is one. */
  | { readonly view: 'start' }

/** The middle that the page's address names; undefined where it names none. */
export function useRoomAddress(beatId: string | undefined): RoomAddress | undefined {
  // By the matches, as the parameters are: the location is a moment ahead of them, and would name no beat and no board.
  const isBoard = useRouterState({
    select: ({ matches }) => matches.at(-1)?.routeId.endsWith('/board') === true,
  })
  if (isBoard) return { view: 'board' }
  if (beatId === undefined) return { view: 'start' }
  const id = idOf(beatId)
  return id === undefined ? undefined : { view: 'beat', beatId: id }
}

export const idOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined
