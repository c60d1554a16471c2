import type { DrawerEntry, StoryRoomApi } from '@storyweave/client'
import { LIMITS, type SceneSummary } from '@storyweave/protocol'
import { useCallback } from 'react'
import { useRoom } from '../provider/room.ts'

/**
 * Posts words that the server did not take as a comment on their scene, or on their beat where it is a card's words or
 * the scene is gone; as several where one would be too long. They go through the outbox: they are kept on this device
 * until the server has them. Taking them out of the drawer is the caller's.
 */
export function usePostRefusedWords(): (entry: Pick<DrawerEntry, 'id' | 'beatId' | 'place'>) => void {
  const room = useRoom()
  return useCallback((entry) => postRefusedWords(room, entry), [room])
}

export function postRefusedWords(
  room: Pick<StoryRoomApi, 'drawer' | 'createComment' | 'getSnapshot'>,
  { id, beatId, place }: Pick<DrawerEntry, 'id' | 'beatId' | 'place'>,
): void {
  const beat = room.getSnapshot().beats.find((one) => one.id === beatId)
  const scene = place.kind === 'scene' ? sceneOf(beat?.scenes ?? [], place.key) : undefined
  const on = scene === undefined ? { beat_id: beatId } : { scene_id: scene.id }
  for (const content of inPieces(room.drawer.text(id), LIMITS.commentChars)) {
    room.createComment({ content, ...on })
  }
}

const sceneOf = (scenes: readonly SceneSummary[], key: string) => scenes.find((scene) => scene.key === key)

/** Ends a piece at a line, else at a word, where there is one in its second half. */
export function inPieces(text: string, maxChars: number): readonly string[] {
  const pieces: string[] = []
  let rest = text.trim()
  while (rest.length > maxChars) {
    const cut = [rest.lastIndexOf('\n', maxChars), rest.lastIndexOf(' ', maxChars)].find(
      (at) => at > maxChars / 2,
    )
    const end = cut ?? maxChars - (isHighSurrogate(rest, maxChars - 1) ? 1 : 0)
    pieces.push(rest.slice(0, end).trim())
    rest = rest.slice(end).trim()
  }
  return rest === '' ? pieces : [...pieces, rest]
}

const isHighSurrogate = (text: string, at: number): boolean => /[\ud800-\udbff]/.test(text[at] ?? '')
