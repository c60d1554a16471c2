import type { CSSProperties } from 'react'
import { useStrings } from '../provider/strings.ts'
import { classNames } from './class-names.ts'
import { initials, personVariable } from './person.ts'
import { uiStrings } from './strings.ts'

export interface FaceProps {
  readonly name: string
  readonly color: string
  /** Instead of the name, for assistive technology and as the tooltip. */
  readonly label?: string
  readonly idle?: boolean
  readonly small?: boolean
}

/** A person as a coloured circle with initials, which the style draws: they are a picture of the name, not a text. */
export function Face({ name, color, label = name, idle = false, small = false }: FaceProps) {
  const words = useStrings('ui', uiStrings)
  const told = idle ? words.away(label) : label
  return (
    <span
      role="img"
      aria-label={told}
      title={told}
      className={classNames('sw-face', small && 'sw-face-small', idle && 'sw-face-idle')}
      data-initials={initials(name)}
      style={{ '--c': personVariable(color) } as CSSProperties}
    />
  )
}
