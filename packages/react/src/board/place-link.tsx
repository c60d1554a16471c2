import { type ComponentProps, forwardRef, type MouseEvent } from 'react'
import { type Place, useRoomView } from '../provider/room.ts'

interface PlaceLinkProps extends ComponentProps<'a'> {
  readonly place: Place
}

/** A link to a place of the story; where the application has no addresses for them it leads there all the same. */
export const PlaceLink = forwardRef<HTMLAnchorElement, PlaceLinkProps>(function PlaceLink(
  { place, ...props },
  ref,
) {
  const { goTo, hrefOf } = useRoomView()
  const go = (event: MouseEvent) => {
    // A new tab or window is what the reader asked for.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    goTo(place)
  }
  return <a {...props} ref={ref} href={hrefOf?.(place) ?? '#'} draggable={false} onClick={go} />
})
