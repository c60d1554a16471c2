const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** A person's mails of one story are at least this far apart. */
export const BUNDLES_APART_MS = 15 * MINUTE_MS
/** The first of them waits this long for others, and for its person to read it in the house. */
export const BUNDLE_GATHERS_MS = 5 * MINUTE_MS

/** How long links in letters work; after that a letter that could not be sent is of no use. */
export const VERIFICATION_MS = DAY_MS
export const RESET_MS = 60 * MINUTE_MS
/** An invitation whose maker says nothing else. */
export const INVITATION_MS = 7 * DAY_MS
