import { expect, test } from 'vitest'
import { ListenError, listenError } from './listen-error.ts'

const place = { host: 'localhost', port: 80 }
const failure = (code: string) => Object.assign(new Error(`listen ${code}`), { code })

test.each([
  ['EACCES', /^Port 80 of localhost is not for every program .* set PORT to 1024 or more /],
  ['EADDRINUSE', /^Port 80 of localhost is taken by another program: .* set PORT /],
  ['EADDRNOTAVAIL', /^There is no address localhost on this machine for port 80 .* set HOST /],
  ['ENOTFOUND', /^There is no address localhost on this machine for port 80 .* set HOST /],
])('start: %s is a sentence that says what to do', (code, sentence) => {
  const error = listenError(failure(code), place)
  expect(error).toBeInstanceOf(ListenError)
  expect(error).toMatchObject({ message: expect.stringMatching(sentence) })
})

test('start: any other failure to listen stays what it is', () => {
  for (const error of [failure('EMFILE'), failure('constructor'), new Error('no code'), 'no error'])
    expect(listenError(error, place)).toBe(error)
})
