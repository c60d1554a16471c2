import { CSPProvider } from '@base-ui/react/csp-provider'
import { createBrowserRest, createStoryRoom, NotificationInbox, type StoryRoomApi } from '@storyweave/client'
import { SCHEMA_VERSION } from '@storyweave/prose'
import type { Me } from '@storyweave/protocol'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { ToastStore, type Toasts } from '../ui/toast-store.ts'
import { ToastRegion } from '../ui/toasts.tsx'
import { explain } from '../ui/words.ts'
import type { StringOverrides } from './strings.ts'
import { type Weave, WeaveContext } from './weave.ts'

export interface StoryWeaveProviderProps {
  /** Where the server is; the page's own origin if left out. */
  readonly baseUrl?: string
  /** A session token or JWT, where no cookie speaks. */
  readonly token?: string
  /** Gets a new token before the old one expires. */
  readonly refreshToken?: () => Promise<string>
  /** Who writes; asked of the server if left out. */
  readonly me?: Pick<Me, 'user_id' | 'name'>
  /** How requests are sent; the page's own `fetch` if left out. */
  readonly fetch?: typeof globalThis.fetch
  /** Words to replace, by the part they belong to. */
  readonly strings?: StringOverrides
  /** Where short messages go. If left out the provider shows them itself, at the lower edge of the window. */
  readonly toasts?: Toasts
  /** How a room is made, for tests and for servers reached in another way. */
  readonly openRoom?: (storyId: number, userId: number) => StoryRoomApi
  readonly children?: ReactNode
}

const NO_STRINGS: StringOverrides = {}

/** Names the server and the person for everything below it. */
export function StoryWeaveProvider(props: StoryWeaveProviderProps) {
  const { baseUrl, token, refreshToken, fetch, strings = NO_STRINGS, openRoom, children } = props
  const [own] = useState(() => new ToastStore())
  const toasts = props.toasts ?? own
  const options = useMemo(
    () => ({
      ...(baseUrl !== undefined && { baseUrl }),
      ...(token !== undefined && { token }),
      ...(refreshToken && { refreshToken }),
      ...(fetch && { fetch }),
    }),
    [baseUrl, token, refreshToken, fetch],
  )
  const rest = useMemo(() => createBrowserRest(options), [options])
  const inbox = useMemo(() => new NotificationInbox(rest.notifications), [rest])
  const me = useMe(rest, props.me, toasts)
  const weave = useMemo<Weave>(
    () => ({
      rest,
      me,
      inbox,
      toasts,
      strings,
      openRoom:
        openRoom ??
        ((storyId, userId) => createStoryRoom({ ...options, storyId, userId, schema: SCHEMA_VERSION })),
    }),
    [rest, me, inbox, toasts, strings, openRoom, options],
  )
  return (
    <CSPProvider disableStyleElements>
      <WeaveContext.Provider value={weave}>
        {children}
        {props.toasts === undefined && <ToastRegion toasts={own} />}
      </WeaveContext.Provider>
    </CSPProvider>
  )
}

/** Who the server says is there, where the application did not say it. */
function useMe(rest: Weave['rest'], told: Weave['me'] | undefined, toasts: Toasts): Weave['me'] {
  const [asked, setAsked] = useState<Weave['me']>(null)
  useEffect(() => {
    if (told) return
    let wanted = true
    rest.me().then(
      (me) => {
        if (wanted) setAsked(me)
      },
      (error: unknown) => {
        if (wanted) toasts.complain(explain(error))
      },
    )
    return () => {
      wanted = false
    }
  }, [rest, told, toasts])
  return told ?? asked
}
