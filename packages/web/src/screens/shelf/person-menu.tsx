import type { Me } from '@storyweave/protocol'
import { explain, Face, Menu, MenuItem, MenuLine } from '@storyweave/react/ui'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { LogOut, Pencil } from 'lucide-react'
import { signOut } from '../../app/auth.ts'
import { forgetPerson, useSession } from '../../app/session.ts'
import { ThemeChoice } from '../../app/theme-choice.tsx'
import { useToasts } from '../../app/toasts.ts'

/** Who I am, how it looks, and the way out. */
export function PersonMenu({ me }: { readonly me: Me }) {
  const router = useRouter()
  const { house } = useSession()
  const toasts = useToasts()
  const leaving = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      await forgetPerson()
      await router.navigate({ to: '/sign-in', search: {} })
    },
    onError: (error) => toasts.complain(explain(error)),
  })
  return (
    <Menu
      trigger={
        <button type="button" className="person-button" aria-label={`${me.name}: account and appearance`}>
          <Face name={me.name} color={me.color} />
        </button>
      }
    >
      <p className="sw-menu-label">{me.email ?? me.name}</p>
      <MenuLine />
      <ThemeChoice />
      <MenuLine />
      {house === 'open' ? (
        <MenuItem onClick={() => void router.navigate({ to: '/name', search: {} })}>
          <Pencil aria-hidden size={16} />
          Change your name
        </MenuItem>
      ) : (
        <MenuItem onClick={() => leaving.mutate()}>
          <LogOut aria-hidden size={16} />
          Sign out
        </MenuItem>
      )}
    </Menu>
  )
}
