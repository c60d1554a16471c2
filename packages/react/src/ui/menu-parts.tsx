import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import type { HTMLAttributes, ReactElement, ReactNode } from 'react'

export interface MenuProps {
  /** The element that opens it. */
  readonly trigger: ReactElement<HTMLAttributes<HTMLElement>>
  readonly defaultOpen?: boolean
  readonly align?: 'start' | 'end'
  readonly children: ReactNode
}

export function Menu({ trigger, defaultOpen = false, align = 'end', children }: MenuProps) {
  return (
    <Base.Root defaultOpen={defaultOpen}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} sideOffset={4} className="sw-menu-positioner">
          <Base.Popup className="sw-menu">{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

export interface MenuItemProps {
  readonly disabled?: boolean
  readonly onClick: () => void
  readonly children: ReactNode
}

export const MenuItem = (props: MenuItemProps) => <Base.Item {...props} className="sw-menu-item" />

export const MenuLine = () => <Base.Separator className="sw-menu-line" />

export interface MenuChoiceProps<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly options: readonly { readonly value: Value; readonly label: string }[]
  readonly onChange: (value: Value) => void
}

/** One of several, with the chosen one marked. */
export function MenuChoice<Value extends string>({
  label,
  value,
  options,
  onChange,
}: MenuChoiceProps<Value>) {
  return (
    <Base.Group>
      <Base.GroupLabel className="sw-menu-label">{label}</Base.GroupLabel>
      <Base.RadioGroup value={value} onValueChange={onChange}>
        {options.map((option) => (
          <Base.RadioItem key={option.value} value={option.value} className="sw-menu-item">
            {option.label}
            <Base.RadioItemIndicator className="sw-menu-check">
              <Check aria-hidden size={15} />
            </Base.RadioItemIndicator>
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  )
}
