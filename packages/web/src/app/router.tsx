import { Waiting } from '@storyweave/react/ui'
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { panelSearch } from '../screens/room/panel-search.ts'
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
  component: lazyRouteComponent(() => import('../screens/entry/sign-in.tsx'), 'SignIn'),
})
const signUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-up',
  validateSearch: entrySearch,
  component: lazyRouteComponent(() => import('../screens/entry/sign-up.tsx'), 'SignUp'),
})
/** Where an open house asks who one is. */
const nameRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/name',
  validateSearch: entrySearch,
  component: lazyRouteComponent(() => import('../screens/entry/open-name.tsx'), 'OpenName'),
})
/** Where links from elsewhere lead: their tokens stand after the `#`. */
const joinRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/join',
  component: lazyRouteComponent(() => import('../screens/entry/join.tsx'), 'Join'),
})
const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/invitation',
  component: lazyRouteComponent(() => import('../screens/entry/invitation.tsx'), 'Invitation'),
})
const forgotPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/forgot-password',
  component: lazyRouteComponent(() => import('../screens/entry/forgot-password.tsx'), 'ForgotPassword'),
})
const resetPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('../screens/entry/reset-password.tsx'), 'ResetPassword'),
})
const verifiedRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/verified',
  validateSearch: ({ error }: Record<string, unknown>): { error?: string } =>
    typeof error === 'string' ? { error } : {},
  component: lazyRouteComponent(() => import('../screens/entry/verified.tsx'), 'Verified'),
})
const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  component: lazyRouteComponent(() => import('../screens/entry/setup.tsx'), 'Setup'),
})

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
const shelfRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  component: lazyRouteComponent(() => import('../screens/shelf/shelf.tsx'), 'Shelf'),
})
const accountRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('../screens/account/account.tsx'), 'Account'),
})
const keepNameRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/keep-name',
  validateSearch: entrySearch,
  component: lazyRouteComponent(() => import('../screens/account/keep-name.tsx'), 'KeepName'),
})
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
    joinRoute,
    invitationRoute,
    forgotPasswordRoute,
    resetPasswordRoute,
    verifiedRoute,
    signedInRoute.addChildren([
      shelfRoute,
      accountRoute,
      keepNameRoute,
      storyRoute.addChildren([beatRoute, boardRoute]),
    ]),
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
