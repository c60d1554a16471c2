import { describe, expect, it } from 'vitest'
import { Channels } from './channels.ts'
import { seal, unseal } from './envelope.ts'
import { LastNumbers } from './last-numbers.ts'
import { write } from './testing-inbox.ts'

const quiet = () => undefined

describe('an envelope', () => {
  it('comes out as it went in', () => {
    const envelope = { from: 'nöde', number: 2 ** 40, message: write('words') }
    expect(unseal(seal(envelope))).toEqual({ ...envelope, message: new Uint8Array(envelope.message) })
  })

  it('of another version, or cut off, is none', () => {
    const packet = seal({ from: 'one', number: 300, message: new Uint8Array() })
    for (let length = 0; length < packet.length; length++)
      expect(unseal(packet.subarray(0, length))).toBeUndefined()
    expect(unseal(Uint8Array.of(2, ...packet.subarray(1)))).toBeUndefined()
  })
})

describe('channels', () => {
  it('count what nobody of ours can have written, and pass it over', () => {
    const channels = new Channels('one', quiet)
    const heard: string[] = []
    channels.add('story:1', (_, from) => heard.push(from))
    channels.deliver('story:1', write('hello from somebody else'))
    channels.deliver('story:1', new Uint8Array())
    expect(heard).toEqual([])
    expect(channels.counts).toMatchObject({ unreadable: 2, received: 0, bytesReceived: 24 })
  })

  it('a node that begins anew has left no gap', () => {
    const channels = new Channels('one', quiet)
    channels.add('story:1', quiet)
    for (const number of [7, 8, 1, 2, 4, 5])
      channels.deliver('story:1', seal({ from: 'other', number, message: new Uint8Array() }))
    expect(channels.counts).toMatchObject({ received: 6, gaps: 1 })
  })

  it('a listener that another one stops hears nothing any more', () => {
    const channels = new Channels('one', quiet)
    const heard: string[] = []
    channels.add('story:1', () => stopSecond())
    const stopSecond = channels.add('story:1', () => heard.push('second'))
    channels.deliver('story:1', new Channels('other', quiet).pack('story:1', write('words')))
    expect(heard).toEqual([])
  })

  it('a listener that fails is noted, without what it heard', () => {
    const notes: unknown[] = []
    const channels = new Channels('one', (event, details) => notes.push([event, details]))
    channels.add('story:1', () => {
      throw new Error('on purpose')
    })
    channels.deliver('story:1', new Channels('other', quiet).pack('story:1', write('words')))
    expect(notes).toEqual([['bus_listener_failed', { channel: 'story:1', error: 'Error: on purpose' }]])
  })
})

it('last numbers forget the one that was used longest ago', () => {
  const numbers = new LastNumbers(2)
  numbers.set('a', 1)
  numbers.set('b', 1)
  numbers.set('a', 2)
  numbers.set('c', 1)
  expect(['a', 'b', 'c'].map((key) => numbers.get(key))).toEqual([2, undefined, 1])
})
