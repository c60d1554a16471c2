import type { Me } from '@storyweave/protocol'
import { Face, Menu, MenuItem, MenuLine } from '@storyweave/react/ui'
import { useRouter } from '@tanstack/react-router'
import { LogOut, Pencil, UserRound } from 'lucide-react'
import { useSession } from '../../app/session.ts'
import { ThemeChoice } from '../../app/theme-choice.tsx'
import { useSignOut } from '../entry/use-sign-out.ts'

/** Who I am, how it looks, and the way out. */
export function PersonMenu({ me }: { readonly me: Me }) {
  const router = useRouter()
  const { house } = useSession()
  const leaving = useSignOut()
  return (
    <Menu
      trigger={
        <button type="button" className="person-button" aria-label={`${me.name}: account and appearance`}>
          <Face name={me.name} color={me.color} />
        </button>
      }
    >
      <p className="sw-menu-label">{me.guest ? `${me.name}, a guest` : (me.email ?? me.name)}</p>
      <MenuLine />
      <ThemeChoice />
      <MenuLine />
      {house === 'open' ? (
        <MenuItem onClick={() => void router.navigate({ to: '/name', search: {} })}>
          <Pencil aria-hidden size={16} />
          Change your name
        </MenuItem>
      ) : (
        <>
          <MenuItem
            onClick={() =>
              void router.navigate(me.guest ? { to: '/keep-name', search: {} } : { to: '/account' })
            }
          >
            <UserRound aria-hidden size={16} />
            {me.guest ? 'Keep your name…' : 'Your account'}
          </MenuItem>
          <MenuItem onClick={() => leaving.mutate()}>
            <LogOut aria-hidden size={16} />
            Sign out
          </MenuItem>
        </>
      )}
    </Menu>
  )
}
