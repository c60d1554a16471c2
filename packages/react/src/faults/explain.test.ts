import { ClientFault, faultOf } from '@storyweave/client'
import { Fault } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import { explain } from './explain.ts'
import { faultStrings } from './strings.ts'

test('a refusal of the server is shown in the server’s words', () => {
  expect(explain(new Fault('bad_message', 'The file is not UTF-8.'))).toBe('The file is not UTF-8.')
})

test('a limit says how long to wait', () => {
  const wait = (retry_after_ms: number) => explain(new Fault('rate_limited', '', { retry_after_ms }))
  expect(wait(300)).toContain('Wait a second,')
  expect(wait(41_000)).toContain('Wait 41 seconds,')
  expect(wait(600_000)).toContain('Wait 10 minutes,')
  expect(explain(new Fault('rate_limited', ''))).toContain('Wait a minute,')
})

test('an unknown failure never shows its inside', () => {
  expect(explain(new TypeError('x is not a function'))).not.toContain('function')
})

test('what the client refuses is said in the words of the application', () => {
  const words = { ...faultStrings, noScene: 'Keine Szene.', refused: (code: string) => `Nein: ${code}.` }
  expect(explain(new ClientFault('not_found', 'noScene'))).toBe(faultStrings.noScene)
  expect(explain(new ClientFault('not_found', 'noScene'), words)).toBe('Keine Szene.')
  expect(explain(new Fault('conflict', 'No.'), words)).toBe('Nein: conflict.')
})

test('what was kept with refused words says why, by name where the client had said it', () => {
  const message = 'Someone else has locked this beat.'
  const words = { ...faultStrings, beatLocked: 'Gesperrt.' }
  expect(explain(faultOf({ code: 'beat_locked', message, said: 'beatLocked' }), words)).toBe('Gesperrt.')
  expect(explain(faultOf({ code: 'beat_locked', message: 'Ben has locked this beat.' }), words)).toBe(
    'Ben has locked this beat.',
  )
})
