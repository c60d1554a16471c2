import { AutoScroller, PointerActivationConstraints, PointerSensor } from '@dnd-kit/dom'
import { DragDropProvider, type DragEndEvent, type DragMoveEvent, type DragStartEvent } from '@dnd-kit/react'
import { type ReactNode, type RefObject, useRef, useState } from 'react'
import type { LanePlace } from '../arrange/lanes.ts'
import { useEvent } from '../hooks/use-event.ts'
import type { Lift } from './use-lift.ts'

/*
 * The pointer alone is dnd-kit's part. Its feedback would put a style element into the page, which the house's content
 * security policy forbids; keys and what is said are the board's own, for they go by lanes and not by pixels.
 */
const PLUGINS = [AutoScroller]
const SENSORS = [
  PointerSensor.configure({
    activationConstraints: ({ pointerType }) =>
      pointerType === 'touch'
        ? [new PointerActivationConstraints.Delay({ value: 250, tolerance: 8 })]
        : [new PointerActivationConstraints.Distance({ value: 5 })],
    // The card's own buttons are pressed, not dragged.
    preventActivation: ({ target }) => target instanceof Element && target.closest('button') !== null,
  }),
]

interface DraggingProps {
  readonly lift: Lift
  readonly lanes: RefObject<HTMLElement | null>
  /** The card under the pointer. */
  readonly render: () => ReactNode
  readonly children: ReactNode
}

interface Start {
  readonly left: number
  readonly top: number
  readonly width: number
}

/** Cards follow the pointer, and the lanes below make room. */
export function Dragging({ lift, lanes, render, children }: DraggingProps) {
  const [start, setStart] = useState<Start>()
  const overlay = useRef<HTMLDivElement>(null)
  const started = useEvent(({ operation: { source } }: DragStartEvent) => {
    const rect = source?.element?.getBoundingClientRect()
    if (source === null || rect === undefined) return
    setStart({ left: rect.left, top: rect.top, width: rect.width })
    lift.start(Number(source.id), 'pointer')
  })
  const moved = useEvent(({ operation, to }: DragMoveEvent) => {
    if (to === undefined) return
    const { initial } = operation.position
    if (overlay.current !== null)
      overlay.current.style.translate = `${to.x - initial.x}px ${to.y - initial.y}px`
    const place = placeUnder(lanes.current, to)
    if (place !== undefined) lift.moveTo(place)
  })
  const ended = useEvent(({ canceled }: DragEndEvent) => {
    setStart(undefined)
    if (canceled) lift.cancel()
    else lift.drop()
  })
  return (
    <DragDropProvider
      plugins={PLUGINS}
      sensors={SENSORS}
      onDragStart={started}
      onDragMove={moved}
      onDragEnd={ended}
    >
      {children}
      {start !== undefined && lift.lifted?.by === 'pointer' && (
        <div ref={overlay} className="sw-board-overlay" aria-hidden style={{ ...start }}>
          {render()}
        </div>
      )}
    </DragDropProvider>
  )
}

interface Point {
  readonly x: number
  readonly y: number
}

/**
 * The place between cards at this point of the window. By where the cards stand, not where they still glide; the one
 * that is lifted counts nothing.
 */
function placeUnder(lanes: HTMLElement | null, point: Point): LanePlace | undefined {
  const all = [...(lanes?.querySelectorAll<HTMLElement>('[data-lane]') ?? [])]
  const lane = all.find((one) => isWithin(one.getBoundingClientRect(), point))
  const key = lane?.dataset['lane']
  const list = lane?.querySelector('ol')
  if (key === undefined || list == null) return undefined
  const top = list.getBoundingClientRect().top - list.offsetTop
  const above = [...list.querySelectorAll<HTMLElement>('[data-beat]:not([data-slot])')].filter(
    ({ offsetTop, offsetHeight }) => top + offsetTop + offsetHeight / 2 < point.y,
  )
  const last = above.at(-1)
  return { lane: key, after: last === undefined ? null : Number(last.dataset['beat']) }
}

const isWithin = ({ left, right, top, bottom }: DOMRect, { x, y }: Point): boolean =>
  x >= left && x < right && y >= top && y < bottom
