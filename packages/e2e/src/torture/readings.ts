import type { Beat, ChatMessage, Comment, Scene } from '@storyweave/protocol'
import { CARD_FIELDS, sceneRoot } from '@storyweave/protocol'
import type { Doc } from 'yjs'
import { Page } from '../cluster/page.ts'
import { Wire } from '../support/wire.ts'
import { call, type TorturedBeat, type TorturedStory } from './people.ts'
import { wordsIn } from './words.ts'

/** A beat as somebody reads it: its card's fields and its scenes, each as one text. */
export type Texts = ReadonlyMap<string, string>

/** What a document says. */
export function textsOf(doc: Doc, beat: TorturedBeat): Texts {
  const texts = new Map<string, string>()
  for (const field of CARD_FIELDS) texts.set(field, doc.getText(field).toString())
  for (const { key } of beat.scenes) texts.set(key, doc.getXmlFragment(sceneRoot(key)).toString())
  return texts
}

/** One story as a newcomer finds it at one node: by a fresh socket, and by REST. */
export interface Reading {
  readonly documents: ReadonlyMap<number, Texts>
  readonly rest: ReadonlyMap<number, Texts>
  readonly chat: readonly ChatMessage[]
  readonly comments: readonly Comment[]
}

export async function readAt(door: string, story: TorturedStory): Promise<Reading> {
  const documents = await readDocuments(door, story)
  const path = `/api/stories/${story.id}/beats?limit=200`
  const { beats } = await call<{ beats: Beat[] }>(door, story.owner, 'GET', path)
  const rest = new Map<number, Texts>()
  for (const beat of beats) rest.set(beat.id, await readCard(door, story, beat))
  return { documents, rest, chat: await readChat(door, story), comments: await readComments(door, story) }
}

async function readDocuments(door: string, story: TorturedStory): Promise<Map<number, Texts>> {
  const { ticket } = await call<{ ticket: string }>(door, story.owner, 'POST', '/collaboration/ticket')
  const url = `${door.replace(/^http/, 'ws')}/collaboration/ws/story/${story.id}?ticket=${ticket}`
  const wire = await Wire.openAt(url)
  const texts = new Map<number, Texts>()
  for (const beat of story.beats) texts.set(beat.id, textsOf((await Page.open(wire, beat.id)).doc, beat))
  wire.close()
  return texts
}

async function readCard(door: string, { owner }: TorturedStory, beat: Beat): Promise<Texts> {
  const texts = new Map<string, string>(CARD_FIELDS.map((field) => [field, beat[field]]))
  for (const { id, key } of beat.scenes)
    texts.set(key, (await call<Scene>(door, owner, 'GET', `/api/scenes/${id}`)).text)
  return texts
}

async function readChat(door: string, { id, owner }: TorturedStory): Promise<ChatMessage[]> {
  const path = `/collaboration/stories/${id}/chat?limit=100`
  const pages = await readPages(path, 'before', (at) =>
    call<{ messages: ChatMessage[]; next: string | null }>(door, owner, 'GET', at),
  )
  return pages.flatMap(({ messages }) => messages).reverse()
}

async function readComments(door: string, { id, owner }: TorturedStory): Promise<Comment[]> {
  const path = `/collaboration/stories/${id}/comments?limit=100`
  const pages = await readPages(path, 'after', (at) =>
    call<{ comments: Comment[]; next: string | null }>(door, owner, 'GET', at),
  )
  return pages.flatMap(({ comments }) => comments)
}

async function readPages<Page extends { readonly next: string | null }>(
  path: string,
  cursor: string,
  read: (path: string) => Promise<Page>,
): Promise<Page[]> {
  const pages = [await read(path)]
  for (let next = pages[0]?.next; next != null; next = pages.at(-1)?.next)
    pages.push(await read(`${path}&${cursor}=${next}`))
  return pages
}

/** The same words, whatever form they have. */
export const wordsOf = (texts: Texts): string =>
  [...texts].map(([at, text]) => `${at}: ${wordsIn(text)}`).join('\n')

export const sameTexts = (one: Texts, other: Texts): boolean =>
  one.size === other.size && [...one].every(([at, text]) => other.get(at) === text)
