import { expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { isAmong } from './trusted-proxies.ts'

const trusted = (environment: Record<string, string>) => readConfig(environment).trustedProxies

test('proxies: a public address in front of loopback means a proxy on this machine, unless another is named', () => {
  const environment = { PUBLIC_URL: 'https://write.example' }
  expect(trusted({})).toEqual([])
  expect(trusted({ PUBLIC_URL: 'http://localhost:8080' })).toEqual([])
  expect(trusted({ ...environment, HOST: '0.0.0.0' })).toEqual([])
  expect(trusted(environment)).toEqual(['127.0.0.0/8', '::1/128'])
  expect(trusted({ ...environment, TRUSTED_PROXIES: ' 10.0.0.0/8, 2001:db8::7,' })).toEqual([
    '10.0.0.0/8',
    '2001:db8::7',
  ])
})

test.each([
  'proxy',
  '10.0.0.0/33',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  '::1/129',
  '10.0.0',
  'fe80::1%eth0',
  '10.0.0.1:80',
])('proxies: %s is refused by name', (one) => {
  expect(() => trusted({ TRUSTED_PROXIES: `192.0.2.1,${one}` })).toThrow(
    `TRUSTED_PROXIES must be addresses or networks with commas between, like 10.0.0.0/8, and "${one}" is none`,
  )
})

test.each(['0.0.0.0/0', '::/0'])('proxies: %s would believe everybody', (everybody) => {
  expect(() => trusted({ TRUSTED_PROXIES: everybody })).toThrow('TRUSTED_PROXIES must not be every address')
})

test('proxies: nobody can be told from anybody in open mode', () => {
  expect(() => trusted({ AUTH_MODE: 'open', TRUSTED_PROXIES: '10.0.0.1' })).toThrow(
    'TRUSTED_PROXIES has no meaning with AUTH_MODE=open',
  )
})

test('proxies: addresses as sockets report them are found', () => {
  const places = ['10.0.0.0/8', '192.0.2.1', '2001:db8::/32', '::1']
  for (const one of ['10.9.8.7', '::ffff:10.9.8.7', '192.0.2.1', '::ffff:192.0.2.1', '2001:db8::5', '::1'])
    expect(isAmong(places, one), one).toBe(true)
  for (const one of ['11.0.0.1', '192.0.2.2', '2001:db9::5', '127.0.0.1', '', 'unknown'])
    expect(isAmong(places, one), one).toBe(false)
})
