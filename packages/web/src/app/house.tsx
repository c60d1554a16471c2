import { StoryWeaveProvider } from '@storyweave/react'
import { Outlet } from '@tanstack/react-router'
import { houseFetch } from './api.ts'
import { Keys } from './keys.tsx'
import { useMe } from './session.ts'
import { toasts } from './toasts.ts'

/** Everything behind the door: whoever is here, as the kit's components know them. */
export function House() {
  return (
    <StoryWeaveProvider me={useMe()} fetch={houseFetch} toasts={toasts}>
      <Outlet />
      <Keys />
    </StoryWeaveProvider>
  )
}
