import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { StoryRoom, StoryWeaveProvider, useWebSocket } from '../index.ts'

const Connected = () => <p>{useWebSocket({ storyId: 1, userId: 1 }).isConnected ? 'here' : 'not yet'}</p>

test('server rendering: without a window provider, room and useWebSocket render what is known', () => {
  expect(typeof window).toBe('undefined')
  const page = renderToString(
    <StoryWeaveProvider>
      <StoryRoom storyId={1} fallback="One moment…" />
      <Connected />
    </StoryWeaveProvider>,
  )
  expect(page).toContain('One moment…')
  expect(page).toContain('not yet')
})
