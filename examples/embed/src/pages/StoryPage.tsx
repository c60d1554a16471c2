import { CollaborativeEditor, SaveStatus, useBeatLock, useBeats, useStory } from '@storyweave/react'
import { StoryEditor } from './StoryEditor'

/** A story’s first beat to write in, and beside it the people, the chat and the lock. */
export function StoryPage() {
  const story = useStory()
  const [beat] = useBeats()
  if (story === undefined || beat === undefined) return <p>Opening the story…</p>
  return (
    <main className="story">
      <section>
        <header className="story-head">
          <h2>{story.title}</h2>
          <SaveStatus />
        </header>
        <Lock beatId={beat.id} />
        <CollaborativeEditor beatId={beat.id} />
      </section>
      <aside>
        <StoryEditor storyId={story.id} />
      </aside>
    </main>
  )
}

/** Made of a hook alone, in this application’s own clothes. */
function Lock({ beatId }: { beatId: number }) {
  const { held, mine, unlock } = useBeatLock(beatId)
  if (held === undefined) return null
  if (!mine) return <p className="lock">{held.locked_by_name} has locked this beat.</p>
  return (
    <p className="lock">
      You have locked this beat.{' '}
      <button type="button" onClick={() => void unlock()}>
        Give it back
      </button>
    </p>
  )
}
