/** What this application’s own server says of whoever is signed in here. */
export interface Session {
  /** Where StoryWeave is. */
  readonly storyweave: string
  /** A JWT of this application, which StoryWeave takes. */
  readonly token: string
  readonly storyId: number
}

export async function openSession(name: string): Promise<Session> {
  const response = await fetch('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  })
  if (!response.ok) throw new Error(await response.text())
  return response.json() as Promise<Session>
}
