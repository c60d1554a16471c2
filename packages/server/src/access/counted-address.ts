const V4_WITH_PORT = /^(\d+\.\d+\.\d+\.\d+):\d+$/
const V6_WITH_PORT = /^\[(.+)\](?::\d+)?$/
const MAPPED_V4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

/** An address alone: some proxies add its port, and a link-local one has a zone, which is no part of it elsewhere. */
export function plainAddress(address: string): string {
  const alone = V4_WITH_PORT.exec(address)?.[1] ?? V6_WITH_PORT.exec(address)?.[1] ?? address
  return alone.replace(/%.*$/, '')
}

/** How many groups of an IPv6 address name the network; within it whoever has it chooses. */
const NETWORK_GROUPS = 4
const GROUPS = 8

/** What an address counts as where tries are counted: an IPv6 address as its network of 64 bits. */
export function countedAddress(address: string): string {
  const plain = plainAddress(address)
  const v4 = MAPPED_V4.exec(plain)?.[1]
  if (v4 !== undefined) return v4
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.split('::')
  const before = groupsOf(head)
  const after = groupsOf(tail ?? '')
  const zeros = tail === undefined ? 0 : Math.max(0, GROUPS - before.length - after.length)
  const all = [...before, ...Array<string>(zeros).fill('0'), ...after]
  return `${all.slice(0, NETWORK_GROUPS).join(':')}::/64`
}

const groupsOf = (text: string): string[] =>
  text === '' ? [] : text.split(':').map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
