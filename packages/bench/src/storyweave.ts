import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BeatSummary, beatDocumentName, type Story } from '@storyweave/protocol'
import { Child } from './child.ts'
import type { Place } from './workload.ts'

const COMMAND = fileURLToPath(import.meta.resolve('@storyweave/server/cli/storyweave.ts'))

export interface House {
  readonly child: Child
  readonly places: readonly Place[]
  readonly headers: Readonly<Record<string, string>>
  remove(): Promise<void>
}

/**
 * Our server as a user runs it: SQLite on disk, accounts, tokens asked for. One account owns every story, so that
 * preparing a house of many people does not run into the limits on sign-ups; its sockets count as four all the same.
 */
export async function openHouse(rooms: number, nodeOptions: readonly string[] = []): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'storyweave-bench-'))
  const settings = { PORT: '0', DATA_DIR: folder }
  const { child, caught: address } = await Child.start(
    [...nodeOptions, COMMAND, 'serve'],
    /^StoryWeave is at (\S+)$/,
    settings,
  )
  const remove = async () => {
    await child.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const token = await signUp(address)
    const headers = { authorization: `Bearer ${token}` }
    const places: Place[] = []
    for (let room = 0; room < rooms; room++) places.push(await makeRoom(address, headers, room))
    return { child, places, headers, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

export async function signUp(address: string): Promise<string> {
  const person = { name: 'Bench', email: 'bench@example.com', password: 'a long enough password' }
  const headers = { origin: address }
  const { token } = await post<{ token: string }>(`${address}/api/auth/sign-up/email`, headers, person)
  return token
}

export async function makeRoom(
  address: string,
  headers: Record<string, string>,
  room: number,
): Promise<Place> {
  const { id } = await post<Story>(`${address}/api/stories`, headers, { title: `Story ${room}` })
  const beat = await post<BeatSummary>(`${address}/api/stories/${id}/beats`, headers, { title: 'Beat' })
  const url = `${address.replace(/^http/, 'ws')}/collaboration/documents/story/${id}`
  return { urls: [url], key: beatDocumentName(beat.id) }
}

async function post<Answer>(url: string, headers: Record<string, string>, body: unknown): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as Answer
}
