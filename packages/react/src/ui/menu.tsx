import { cloneElement, type HTMLAttributes, lazy, Suspense, useState } from 'react'
import type { MenuChoiceProps, MenuProps } from './menu-parts.tsx'

/*
 * Menus are not needed to read and write: their code comes when somebody reaches for one.
 * Until then the trigger is a plain button that says what it will open.
 */
const parts = () => import('./menu-parts.tsx')
const LazyMenu = lazy(() => parts().then(({ Menu }) => ({ default: Menu })))
const LazyChoice = lazy(() => parts().then(({ MenuChoice }) => ({ default: MenuChoice })))

export const MenuItem = lazy(() => parts().then(({ MenuItem: Item }) => ({ default: Item })))
export const MenuLine = lazy(() => parts().then(({ MenuLine: Line }) => ({ default: Line })))

/** A button that opens a list of things to do. */
export function Menu(props: Omit<MenuProps, 'defaultOpen'>) {
  const [wanted, setWanted] = useState(false)
  const fetchEarly = () => void parts()
  const trigger = cloneElement<HTMLAttributes<HTMLElement>>(props.trigger, {
    'aria-haspopup': 'menu',
    'aria-expanded': wanted,
    onPointerEnter: fetchEarly,
    onFocus: fetchEarly,
    onClick: () => setWanted(true),
  })
  if (!wanted) return trigger
  return (
    <Suspense fallback={trigger}>
      <LazyMenu {...props} defaultOpen />
    </Suspense>
  )
}

/** One of several values, as a part of a menu. */
export function MenuChoice<Value extends string>({ onChange, ...props }: MenuChoiceProps<Value>) {
  // The options' values are all that it can be called with.
  return <LazyChoice {...props} onChange={(value) => onChange(value as Value)} />
}
