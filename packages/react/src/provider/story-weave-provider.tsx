import { CSPProvider } from '@base-ui/react/csp-provider'
import { createBrowserRest, createStoryRoom, NotificationInbox, type StoryRoomApi } from '@storyweave/client'
import { SCHEMA_VERSION } from '@storyweave/prose'
import { Fault, type Me } from '@storyweave/protocol'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { explain } from '../faults/explain.ts'
import { faultStrings } from '../faults/strings.ts'
import { useEvent } from '../hooks/use-event.ts'
import { ToastStore, type Toasts } from '../ui/toast-store.ts'
import { ToastRegion } from '../ui/toasts.tsx'
import { type StringOverrides, withOverrides } from './strings.ts'
import { useConnection } from './use-connection.ts'
import { type Weave, WeaveContext } from './weave.ts'

export interface StoryWeaveProviderProps {
  /** Where the server is; the page's own origin if left out. */
  readonly baseUrl?: string
  /** A session token or JWT, where no cookie speaks. Another one of the same person changes nothing else. */
  readonly token?: string
  /** Gets a new token before the old one expires, and when the server does not take it any more. */
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
  const { baseUrl, token, refreshToken, fetch, strings = NO_STRINGS, children } = props
  const connection = useConnection({ baseUrl, token, refreshToken, fetch })
  const [own] = useState(() => new ToastStore())
  const toasts = props.toasts ?? own
  const rest = useMemo(() => createBrowserRest(connection), [connection])
  const inbox = useMemo(() => new NotificationInbox(rest.notifications), [rest])
  const complain = useEvent((error: unknown) =>
    toasts.complain(explain(error, withOverrides(faultStrings, strings['faults']))),
  )
  const me = useMe(rest, props.me, token !== undefined, complain)
  const openAnyRoom = useEvent(
    (storyId: number, userId: number) =>
      props.openRoom?.(storyId, userId) ??
      createStoryRoom({ ...connection, storyId, userId, schema: SCHEMA_VERSION }),
  )
  // Words and ways that an application writes into its JSX are new at each render: rooms stay open all the same.
  // biome-ignore lint/correctness/useExhaustiveDependencies: over another connection rooms are opened anew
  const openRoom = useMemo(
    () =>
      (...of: Parameters<Weave['openRoom']>) =>
        openAnyRoom(...of),
    [connection],
  )
  const weave = useMemo<Weave>(
    () => ({ rest, token, me, inbox, toasts, strings, openRoom }),
    [rest, token, me, inbox, toasts, strings, openRoom],
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

/** While the server can't be reached it is asked again, at first after so long, and each time later. */
const FIRST_WAIT_MS = 1_000
const MOST_WAIT_MS = 30_000

/** Who the server says is there, where the application did not say it. */
function useMe(
  rest: Weave['rest'],
  told: Weave['me'] | undefined,
  hasToken: boolean,
  complain: (error: unknown) => void,
): Weave['me'] {
  const [asked, setAsked] = useState<Weave['me']>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a token that comes later may say who it is
  useEffect(() => {
    if (told) return
    let wanted = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = (failures: number): void => {
      rest.me().then(
        (me) => {
          if (wanted) setAsked(me)
        },
        (error: unknown) => {
          if (!wanted) return
          if (failures === 0) complain(error)
          if (!(error instanceof Fault) || error.code !== 'unavailable') return
          timer = setTimeout(() => ask(failures + 1), Math.min(FIRST_WAIT_MS * 2 ** failures, MOST_WAIT_MS))
        },
      )
    }
    ask(0)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [rest, told, hasToken, complain])
  return told ?? asked
}
