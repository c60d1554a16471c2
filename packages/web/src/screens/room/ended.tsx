import type { EndReason } from '@storyweave/client'
import { Notice } from '@storyweave/react/ui'
import { Link, useRouterState } from '@tanstack/react-router'
import { PageMessage } from '../../ui/page-message.tsx'
import { END_WORDS } from './ended-words.ts'

/** Instead of a story that could not be opened. */
export function EndedPage({ reason }: { readonly reason: EndReason }) {
  const { title, words } = END_WORDS[reason]
  return (
    <PageMessage title={title} action={<WayOut reason={reason} />}>
      {words}
    </PageMessage>
  )
}

/** Above a story that stays readable, with what was written in it. */
export function EndedNotice({ reason }: { readonly reason: EndReason }) {
  const { title, words } = END_WORDS[reason]
  return (
    <Notice tone="bad" urgent action={<WayOut reason={reason} />}>
      <b>{title}.</b> {words}
    </Notice>
  )
}

function WayOut({ reason }: { readonly reason: EndReason }) {
  const here = useRouterState({ select: (state) => state.location.href })
  if (reason === 'signed_out') {
    return (
      <Link to="/sign-in" search={{ next: here }} className="sw-button sw-button-primary">
        Sign in
      </Link>
    )
  }
  return (
    <Link to="/" className="sw-button sw-button-primary">
      To your shelf
    </Link>
  )
}
