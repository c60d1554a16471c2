import { cloneElement, type HTMLAttributes, lazy, useState } from 'react'
import { Late, latePart } from './late.tsx'
import type { MenuChoiceProps, MenuProps } from './menu-parts.tsx'

/*
 * Menus are not needed to read and write: their code comes when somebody reaches for one.
 * Until then the trigger is a plain button that says what it will open.
 */
const parts = () => import('./menu-parts.tsx')
const MENU = latePart(async () => ({ default: (await parts()).Menu }))

// What stands in a menu comes with it.
const LazyChoice = lazy(() => parts().then(({ MenuChoice }) => ({ default: MenuChoice })))
export const MenuItem = lazy(() => parts().then(({ MenuItem: Item }) => ({ default: Item })))
export const MenuLine = lazy(() => parts().then(({ MenuLine: Line }) => ({ default: Line })))

/** A button that opens a list of things to do. */
export function Menu(props: Omit<MenuProps, 'defaultOpen'>) {
  const [stage, setStage] = useState<'unused' | 'wanted' | 'failed'>('unused')
  const isWanted = stage === 'wanted'
  const trigger = cloneElement<HTMLAttributes<HTMLElement>>(props.trigger, {
    'aria-haspopup': 'menu',
    'aria-expanded': isWanted,
    // The button that was pressed is another element after a failure.
    ...(stage === 'failed' && { autoFocus: true }),
    onPointerEnter: MENU.fetchEarly,
    onFocus: MENU.fetchEarly,
    onClick: () => setStage('wanted'),
  })
  if (!isWanted) return trigger
  return (
    <Late
      part={MENU}
      props={{ ...props, defaultOpen: true }}
      fallback={trigger}
      onFailed={() => setStage('failed')}
    />
  )
}

/** One of several values, as a part of a menu. */
export function MenuChoice<Value extends string>({ onChange, ...props }: MenuChoiceProps<Value>) {
  // The options' values are all that it can be called with.
  return <LazyChoice {...props} onChange={(value) => onChange(value as Value)} />
}
