import { LateDialog, latePart } from '@storyweave/react/ui'
import { useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useCommands } from './commands.ts'
import { chooseTheme } from './theme.ts'

const PALETTE = latePart(() => import('./palette.tsx'))
const KEY_LIST = latePart(() => import('./key-list.tsx'))

type Shown = 'palette' | 'keys'

/** The command palette and the list of keys, wherever somebody is; fetched when they are opened first. */
export function Keys() {
  const [shown, setShown] = useState<Shown>()
  const router = useRouter()
  useCommands(() => [
    {
      id: 'shelf',
      group: 'Go',
      label: 'Your shelf',
      keywords: 'stories home',
      run: () => void router.navigate({ to: '/' }),
    },
    {
      id: 'keys',
      group: 'Help',
      label: 'List of keys',
      keywords: 'shortcuts',
      keys: '?',
      run: () => setShown('keys'),
    },
    ...(['system', 'light', 'dark'] as const).map((theme) => ({
      ...{ id: `theme-${theme}`, group: 'Appearance', label: THEME_WORDS[theme], keywords: 'theme' },
      run: () => chooseTheme(theme),
    })),
  ])
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const wanted = wantedBy(event)
      if (wanted === undefined) return
      event.preventDefault()
      setShown(wanted)
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  }, [])
  const on = (name: Shown) => ({
    open: shown === name,
    onOpenChange: (open: boolean) => setShown(open ? name : undefined),
  })
  return (
    <>
      <LateDialog part={PALETTE} props={on('palette')} />
      <LateDialog part={KEY_LIST} props={on('keys')} />
    </>
  )
}

const THEME_WORDS = { system: 'Appearance as the system', light: 'Light appearance', dark: 'Dark appearance' }

function wantedBy(event: KeyboardEvent): Shown | undefined {
  const { key, ctrlKey, metaKey, altKey, target } = event
  if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === 'k') return 'palette'
  if (key !== '?' || ctrlKey || metaKey || altKey || isTyping(target)) return undefined
  return 'keys'
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.closest('input, textarea, select, [role="textbox"]') !== null)
