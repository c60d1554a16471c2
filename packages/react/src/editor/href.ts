import { isAllowedHref } from '@storyweave/prose'

/** What a writer typed as an address, made whole; undefined where prose may not link there. */
export function hrefOf(typed: string): string | undefined {
  const address = typed.trim()
  const whole = address === '' ? '' : withScheme(address)
  return isAllowedHref(whole) && URL.canParse(whole) ? whole : undefined
}

function withScheme(address: string): string {
  if (/^[a-z][a-z\d+.-]*:(?!\d)/i.test(address)) return address
  return /^[^\s/@]+@[^\s/@]+$/.test(address) ? `mailto:${address}` : `https://${address}`
}
