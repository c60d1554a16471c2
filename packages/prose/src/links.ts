const SAFE_SCHEME = /^(?:https?|mailto):/i
/** Browsers skip control characters in addresses, so a scheme could hide behind one. */
const CONTROL = /\p{Cc}/u

/** Whether prose may link there: http, https or mailto, and no control characters. */
export const isAllowedHref = (href: unknown): href is string =>
  typeof href === 'string' && SAFE_SCHEME.test(href) && !CONTROL.test(href)
