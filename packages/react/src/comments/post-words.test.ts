import type { NewComment, StoryRoomSnapshot } from '@storyweave/client'
import { expect, test } from 'vitest'
import { inPieces, postRefusedWords } from './post-words.ts'

const beats = [{ id: 3, scenes: [{ id: 30, key: 'abcdefghijkl' }] }] as unknown as StoryRoomSnapshot['beats']

function room(words: string) {
  const posted: NewComment[] = []
  return {
    posted,
    drawer: {
      text: () => words,
      list: () => [],
      remove: () => Promise.resolve(),
      insert: () => Promise.resolve(),
    },
    getSnapshot: () => ({ beats }) as unknown as StoryRoomSnapshot,
    createComment: (comment: NewComment) => {
      posted.push(comment)
      return 'c1'
    },
  }
}

test('refused words become a comment on their scene, or on their beat where there is no scene', () => {
  const scene = room('Lost words.')
  postRefusedWords(scene, { id: 1, beatId: 3, place: { kind: 'scene', key: 'abcdefghijkl' } })
  expect(scene.posted).toEqual([{ content: 'Lost words.', scene_id: 30 }])
  const card = room('Lost words.')
  postRefusedWords(card, { id: 1, beatId: 3, place: { kind: 'card', field: 'goal' } })
  expect(card.posted).toEqual([{ content: 'Lost words.', beat_id: 3 }])
})

test('what is too long for one comment is posted as several, none of it lost', () => {
  expect(inPieces('short', 10)).toEqual(['short'])
  expect(inPieces(' \n ', 10)).toEqual([])
  expect(inPieces('a line\nand more', 10)).toEqual(['a line', 'and more'])
  expect(inPieces('two words here', 10)).toEqual(['two words', 'here'])
  expect(inPieces('x'.repeat(25), 10).join('')).toBe('x'.repeat(25))
  expect(inPieces(`${'x'.repeat(9)}😀y`, 10)).toEqual(['x'.repeat(9), '😀y'])
})
