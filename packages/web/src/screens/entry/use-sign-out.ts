import { explain } from '@storyweave/react/ui'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { signOut } from '../../app/auth.ts'
import { forgetPerson } from '../../app/session.ts'
import { useToasts } from '../../app/toasts.ts'

/** Ends this browser's session, and then leads to where somebody signs in; `next` is where they go from there. */
export function useSignOut(next?: string) {
  const router = useRouter()
  const toasts = useToasts()
  return useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      await forgetPerson()
      await router.navigate({ to: '/sign-in', search: next === undefined ? {} : { next } })
    },
    onError: (error) => toasts.complain(explain(error)),
  })
}
