import { BlockList, isIP, isIPv4 } from 'node:net'
import type { Config } from './config.ts'
import { isLocalUrl, isLoopbackHost } from './loopback.ts'
import type { Settings } from './settings.ts'

/** What stands on this machine. */
const LOOPBACK: readonly string[] = Object.freeze(['127.0.0.0/8', '::1/128'])

const BITS = { v4: 32, v6: 128 } as const

/**
 * `TRUSTED_PROXIES`: addresses and networks, with commas between. Unset, a server that listens on loopback under a
 * public address stands behind a proxy on this machine, and any other behind none.
 */
export function readTrustedProxies(
  settings: Settings,
  { host, publicUrl }: Pick<Config, 'host' | 'publicUrl'>,
): readonly string[] {
  const said = settings.list('TRUSTED_PROXIES')
  for (const one of said) {
    const complaint = complaintAbout(one)
    if (complaint !== undefined) settings.problem('TRUSTED_PROXIES', complaint)
  }
  if (said.length > 0) return Object.freeze(said)
  return isLoopbackHost(host) && publicUrl !== undefined && !isLocalUrl(publicUrl) ? LOOPBACK : []
}

function complaintAbout(text: string): string | undefined {
  const [address = '', prefix, ...rest] = text.split('/')
  const bits = prefix === undefined ? undefined : Number(prefix)
  const isRange =
    bits === undefined || (/^\d{1,3}$/.test(prefix ?? '') && bits <= (isIPv4(address) ? BITS.v4 : BITS.v6))
  if (isIP(address) === 0 || address.includes('%') || !isRange || rest.length > 0)
    return `must be addresses or networks with commas between, like 10.0.0.0/8, and "${text}" is none`
  return bits === 0
    ? `must not be every address there is (${text}): then anybody could say to come from anywhere`
    : undefined
}

/** Whether an address, as a socket reports it, is one of these or in one of these networks. */
export function isAmong(places: readonly string[], address: string): boolean {
  if (places.length === 0 || isIP(address) === 0) return false
  const list = new BlockList()
  for (const place of places) {
    const [net = '', prefix] = place.split('/')
    const family = isIPv4(net) ? 'ipv4' : 'ipv6'
    if (prefix === undefined) list.addAddress(net, family)
    else list.addSubnet(net, Number(prefix), family)
  }
  return list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
}
