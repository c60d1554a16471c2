import { Fault, type StoryPresence } from '@storyweave/protocol'
import { Button, explain, Notice, Waiting } from '@storyweave/react/ui'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../app/api.ts'
import { useCommands } from '../../app/commands.ts'
import { storyLink } from '../../app/link-to-story.ts'
import { NotificationBell, useFreshNotifications } from '../../app/notification-bell.tsx'
import { useMe } from '../../app/session.ts'
import { useTitle } from '../../app/use-title.ts'
import { Cover } from './cover.tsx'
import { EmptyShelf } from './empty-shelf.tsx'
import { GuestNotice } from './guest-notice.tsx'
import { NewStoryDialog } from './new-story-dialog.tsx'
import { OpenFileButton } from './open-file-button.tsx'
import { PersonMenu } from './person-menu.tsx'
import { StoryBin } from './story-bin.tsx'

export function Shelf() {
  useTitle('Your shelf')
  const me = useMe()
  useFreshNotifications()
  const router = useRouter()
  const [making, setMaking] = useState(false)
  const stories = useInfiniteQuery({
    queryKey: ['stories'],
    queryFn: ({ pageParam }) => api.stories.list(pageParam === undefined ? {} : { after: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    // Another device may have added one since.
    staleTime: 0,
  })
  const here = usePresentPeople()
  useCommands(() => [
    ...(me.guest ? [] : [{ id: 'new', group: 'Shelf', label: 'New story', run: () => setMaking(true) }]),
    ...(covers ?? []).map(({ id, title }) => ({
      ...{ id: `story-${id}`, group: 'Story', label: title },
      run: () => void router.navigate(storyLink(id)),
    })),
  ])
  const covers = stories.data?.pages.flatMap((page) => page.stories)
  return (
    <div className="shelf">
      <header className="shelf-bar">
        <p className="entry-name">StoryWeave</p>
        <div className="shelf-me">
          <NotificationBell />
          <PersonMenu me={me} />
        </div>
      </header>
      <main>
        <div className="shelf-head">
          <h1>Your shelf</h1>
          {!me.guest && (
            <div className="shelf-actions">
              <OpenFileButton />
              <Button variant="primary" onClick={() => setMaking(true)}>
                New story
              </Button>
            </div>
          )}
        </div>
        {stories.isError && (
          <Notice
            tone="bad"
            urgent
            action={<WayOn error={stories.error} again={() => void stories.refetch()} />}
          >
            {explain(stories.error)}
          </Notice>
        )}
        {stories.isPending && <Waiting what="Fetching your stories…" />}
        {me.guest && <GuestNotice />}
        {covers?.length === 0 && !me.guest && <EmptyShelf onNew={() => setMaking(true)} />}
        {covers !== undefined && covers.length > 0 && (
          <ul className="covers" aria-label="Stories">
            {covers.map((story) => (
              <Cover key={story.id} story={story} here={here.get(story.id) ?? []} />
            ))}
          </ul>
        )}
        {stories.hasNextPage && (
          <Button busy={stories.isFetchingNextPage} onClick={() => void stories.fetchNextPage()}>
            Show more
          </Button>
        )}
        {!me.guest && <StoryBin />}
      </main>
      <NewStoryDialog open={making} onOpenChange={setMaking} />
    </div>
  )
}

/** Who is in a story moves fast; a shelf that is looked at keeps up. */
const LOOK_EVERY_MS = 15_000

/** By story; where it can't be read the shelf shows nobody. */
function usePresentPeople(): ReadonlyMap<number, StoryPresence['users']> {
  const { data } = useQuery({
    queryKey: ['presence'],
    queryFn: () => api.stories.presence(),
    refetchInterval: LOOK_EVERY_MS,
    staleTime: 0,
    retry: false,
  })
  return new Map(data?.presence.map(({ story_id, users }) => [story_id, users]))
}

function WayOn({ error, again }: { readonly error: unknown; readonly again: () => void }) {
  if (!(error instanceof Fault) || error.code !== 'unauthenticated')
    return <Button onClick={again}>Try again</Button>
  return (
    <Link to="/sign-in" search={{}} className="sw-button sw-button-quiet">
      Sign in
    </Link>
  )
}
