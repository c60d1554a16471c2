import { StoryRoom, StoryWeaveProvider } from '@storyweave/react'
import { type FormEvent, useState } from 'react'
import { StoryPage } from './pages/StoryPage'
import { openSession, type Session } from './session'

/** Stands for an application of yours, where people are signed in already. Here they just say their name. */
export function App() {
  const [name, setName] = useState('')
  const [session, setSession] = useState<Session>()
  const [trouble, setTrouble] = useState<string>()
  const enter = (event: FormEvent) => {
    event.preventDefault()
    openSession(name).then(setSession, (error: Error) => setTrouble(error.message))
  }
  return (
    <>
      <h1>The Reading Club</h1>
      {session === undefined ? (
        <form onSubmit={enter}>
          <label>
            Your name <input value={name} onChange={(event) => setName(event.target.value)} required />
          </label>
          <button type="submit">Come in</button>
          {trouble !== undefined && <p role="alert">{trouble}</p>}
        </form>
      ) : (
        <StoryWeaveProvider
          baseUrl={session.storyweave}
          token={session.token}
          refreshToken={async () => (await openSession(name)).token}
        >
          <StoryRoom storyId={session.storyId} fallback={<p>One moment…</p>}>
            <StoryPage />
          </StoryRoom>
        </StoryWeaveProvider>
      )}
    </>
  )
}
