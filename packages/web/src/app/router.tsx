import { Waiting } from '@storyweave/react/ui'
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { OpenName } from '../screens/entry/open-name.tsx'
import { Setup } from '../screens/entry/setup.tsx'
import { SignIn } from '../screens/entry/sign-in.tsx'
import { SignUp } from '../screens/entry/sign-up.tsx'
import { panelSearch } from '../screens/room/panel-search.ts'
import { Shelf } from '../screens/shelf/shelf.tsx'
import { ErrorPage, NotFoundPage } from './error-page.tsx'
import { House } from './house.tsx'
import { queryClient, sessionQuery } from './session.ts'

const rootRoute = createRootRoute({ component: Outlet })

/** Only a path of this application: an address from outside must not be a way to somewhere else. */
const safeNext = (next: unknown): string | undefined =>
  typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : undefined

const entrySearch = (search: Record<string, unknown>): { next?: string } => {
  const next = safeNext(search['next'])
  return next === undefined ? {} : { next }
}

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: entrySearch,
  component: SignIn,
})
const signUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-up',
  validateSearch: entrySearch,
  component: SignUp,
})
/** Where an open house asks who one is. */
const nameRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/name',
  validateSearch: entrySearch,
  component: OpenName,
})
const setupRoute = createRoute({ getParentRoute: () => rootRoute, path: '/setup', component: Setup })

/** Everything behind this route has somebody who is known. */
const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  component: House,
  beforeLoad: async ({ location }) => {
    const { house, me } = await queryClient.ensureQueryData(sessionQuery)
    if (me !== null) return
    throw redirect({
      to: house === 'open' ? '/name' : '/sign-in',
      search: location.href === '/' ? {} : { next: location.href },
    })
  },
})
const shelfRoute = createRoute({ getParentRoute: () => signedInRoute, path: '/', component: Shelf })
const storyRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/stories/$storyId',
  validateSearch: panelSearch,
  component: lazyRouteComponent(() => import('../screens/room/room.tsx'), 'Room'),
})
/** The same screen with a beat open: the layout above reads the parameter. */
const beatRoute = createRoute({ getParentRoute: () => storyRoute, path: '/beats/$beatId' })
const boardRoute = createRoute({ getParentRoute: () => storyRoute, path: '/board' })

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    signInRoute,
    signUpRoute,
    nameRoute,
    setupRoute,
    signedInRoute.addChildren([shelfRoute, storyRoute.addChildren([beatRoute, boardRoute])]),
  ]),
  defaultPendingComponent: () => <Waiting what="Opening…" />,
  defaultErrorComponent: ErrorPage,
  defaultNotFoundComponent: NotFoundPage,
  defaultPreload: 'intent',
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
