import { useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { forgetSession } from '../../app/session.ts'

/** Runs a sign-in or sign-up and then goes to where the person wanted to be. */
export function useEntry<Input>(enter: (input: Input) => Promise<void>, next: string | undefined) {
  const router = useRouter()
  return useMutation({
    mutationFn: enter,
    onSuccess: async () => {
      await forgetSession()
      await router.navigate({ href: next ?? '/', replace: true })
    },
  })
}
