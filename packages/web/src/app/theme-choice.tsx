import { MenuChoice } from '@storyweave/react/ui'
import { chooseTheme, useTheme } from './theme.ts'

const OPTIONS = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const

/** Light or dark, as a part of a menu. */
export function ThemeChoice() {
  return <MenuChoice label="Appearance" value={useTheme()} options={OPTIONS} onChange={chooseTheme} />
}
