import { isIP } from 'node:net'

/** `127.0.0.0/8`, and the same written as IPv6. */
const LOOPBACK_V4 = /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/

/** Whether an IP address, as a socket reports it, is this machine's own loopback. */
export const isLoopbackAddress = (address: string): boolean =>
  isIP(address) !== 0 && (address === '::1' || LOOPBACK_V4.test(address.toLowerCase()))

/** Whether a host name without a port (IPv6 with or without brackets) always means this machine. */
export function isLoopbackHost(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  return name === 'localhost' || isLoopbackAddress(name)
}

/** Whether a URL leads to this machine. */
export const isLocalUrl = (url: string): boolean => isLoopbackHost(new URL(url).hostname)

/** The host name of a `Host` header; undefined where it is none. */
export function hostOfHeader(header: string | undefined): string | undefined {
  if (header === undefined || !URL.canParse(`http://${header}`)) return undefined
  const url = new URL(`http://${header}`)
  // A header with a path, a query or a user is no host.
  return url.href === `http://${url.host}/` ? url.hostname : undefined
}
