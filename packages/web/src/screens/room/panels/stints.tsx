import { personColor, type Stint } from '@storyweave/protocol'
import { useBeat, useRoom, useSelf } from '@storyweave/react'
import { Button, Face } from '@storyweave/react/ui'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../../../app/api.ts'
import { beatLink } from '../../../app/link-to-story.ts'
import { HistoryList } from './history-list.tsx'
import { changesWords, stintWords } from './stint-words.ts'
import { historyKey, LOOK_EVERY_MS, useHistoryNews } from './use-history-news.ts'

/** Who wrote when in which beat, the newest first. */
export function Stints() {
  const { storyId } = useRoom()
  useHistoryNews()
  const query = useInfiniteQuery({
    queryKey: [...historyKey(storyId), 'stints'],
    queryFn: ({ pageParam }) => api.stories.history(storyId, pageParam === null ? {} : { after: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    staleTime: 0,
    refetchInterval: LOOK_EVERY_MS,
  })
  const stints = query.data?.pages.flatMap((page) => page.stints)
  return (
    <HistoryList query={query}>
      {stints?.map((stint) => (
        <Written key={`${stint.beat_id} ${stint.user_id} ${stint.first_at}`} stint={stint} />
      ))}
      {query.hasNextPage && (
        <li className="history-older">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show older
          </Button>
        </li>
      )}
    </HistoryList>
  )
}

function Written({ stint }: { readonly stint: Stint }) {
  const { storyId } = useRoom()
  const { beat_id, user_id, user_name, first_at, last_at, changes } = stint
  const title = useBeat(beat_id)?.title.trim() || 'Untitled'
  const isMine = useSelf()?.user_id === user_id
  return (
    <li className="history-stint">
      <span aria-hidden>
        <Face small name={user_name} color={personColor(user_id)} />
      </span>
      <div>
        <Link {...beatLink(storyId, beat_id)}>{title}</Link>
        <p>
          {isMine ? `${user_name} (you)` : user_name}
          {' · '}
          <time dateTime={last_at}>{stintWords(new Date(first_at), new Date(last_at))}</time>
          {' · '}
          {changesWords(changes)}
        </p>
      </div>
    </li>
  )
}
