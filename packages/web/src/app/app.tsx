import { CSPProvider } from '@base-ui/react/csp-provider'
import { ToastRegion } from '@storyweave/react/ui'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { router } from './router.tsx'
import { queryClient } from './session.ts'
import { toasts } from './toasts.ts'

export function App() {
  return (
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <ToastRegion toasts={toasts} />
      </QueryClientProvider>
    </CSPProvider>
  )
}
