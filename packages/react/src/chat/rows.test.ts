import type { ChatMessage } from '@storyweave/protocol'
import { describe, expect, test } from 'vitest'
import { chatRows } from './rows.ts'

let id = 0
const said = (user_id: number, at: Date): ChatMessage => ({
  id: ++id,
  message: 'x',
  user_id,
  user_name: `Person ${user_id}`,
  mentions: [],
  beats: [],
  client_id: null,
  timestamp: at.toISOString(),
})
const at = (day: number, hour: number, minute = 0, second = 0) => new Date(2026, 2, day, hour, minute, second)

const shape = (...of: Parameters<typeof chatRows>) =>
  chatRows(...of).map((row) => (row.kind === 'message' ? (row.continues ? 'more' : 'said') : row.kind))

describe('rows of the chat', () => {
  test('each day has its line', () => {
    expect(shape([said(1, at(1, 9)), said(2, at(1, 10)), said(1, at(2, 9))], undefined)).toEqual([
      'day',
      'said',
      'said',
      'day',
      'said',
    ])
  })

  test('what one person says within five minutes stands together, not over midnight', () => {
    const messages = [
      said(1, at(1, 9, 0)),
      said(1, at(1, 9, 4, 59)),
      said(1, at(1, 9, 9, 59)),
      said(1, at(1, 23, 59)),
      said(1, at(2, 0, 0)),
    ]
    expect(shape(messages, undefined)).toEqual(['day', 'said', 'more', 'said', 'said', 'day', 'said'])
  })

  test('the divider stands before the first that is new, which begins anew', () => {
    const messages = [said(1, at(1, 9)), said(1, at(1, 9, 1)), said(1, at(1, 9, 2))]
    expect(shape(messages, messages[1]?.id)).toEqual(['day', 'said', 'new', 'said', 'more'])
  })
})
