/** What nodes say on standard error: which of it is to be expected where servers are stopped, and what never is. */

const EXPECTED: ReadonlySet<string> = new Set([
  'SIGTERM',
  // Redis is away, and back.
  'bus_lost',
  'bus_unreachable',
  'bus_back',
  // PostgreSQL is away, and back.
  'database_back',
  'a database connection broke',
  'database_away',
  'heads_failed',
  'sweep_failed',
  'lost_news_failed',
  'session_watch_failed',
  'link_watch_failed',
  'project_failed',
  'compact_failed',
  'load_failed',
  'news_failed',
  'events_failed',
  'rights_failed',
  'lock_failed',
  'discussion_failed',
  'authentication_failed',
  'enter_failed',
  'socket_failed',
  'tend_failed',
  'notice_failed',
])
/** Whoever says it: PostgreSQL is stopped, or on its way up or down. */
const AWAY =
  /ECONNREFUSED|ECONNRESET|EPIPE|Connection terminated|terminating connection|the database system is|Client was closed|Client has encountered a connection error|Redis at \S+ does not answer|timeout exceeded when trying to connect|The database has not said anything/
const NEVER = /Unhandled|Uncaught|TypeError|RangeError|ReferenceError|SyntaxError|Assertion|Node\.js v/

const SHOWN_CHARACTERS = 600

export interface LogLines {
  /** Expected ones, by what they say. */
  readonly counts: ReadonlyMap<string, number>
  readonly unexpected: readonly string[]
}

/** `wasPostgresAway`: at some time, so that a node may have had to end without it. */
export function readLog(text: string, wasPostgresAway: boolean): LogLines {
  const counts = new Map<string, number>()
  const unexpected: string[] = []
  for (const line of text.split('\n')) {
    if (line === '') continue
    const event = eventOf(line)
    const isExpected =
      event !== undefined &&
      (EXPECTED.has(event) || AWAY.test(line) || (wasPostgresAway && isOfPostgresAway(event, line)))
    if (NEVER.test(line) || !isExpected) unexpected.push(line.slice(0, SHOWN_CHARACTERS))
    else counts.set(event, (counts.get(event) ?? 0) + 1)
  }
  return { counts, unexpected }
}

/** What a node says to whoever stops it; */
const STOPPING = /^SIGTERM: .*/
/** and where PostgreSQL stays away until its time is over, with words of its writers in its memory. */
const LEFT_BEHIND = /^The database did not take what was left in time\./
/** Better Auth says that it failed, without a word of why, and throws why: that comes as a line of its own. */
const WITHOUT_WHY = /^Failed to query fallback join for model \w+:$/

const isOfPostgresAway = (event: string, line: string): boolean =>
  LEFT_BEHIND.test(line) || WITHOUT_WHY.test(event)

function eventOf(line: string): string | undefined {
  if (STOPPING.test(line)) return 'SIGTERM'
  if (LEFT_BEHIND.test(line)) return 'left behind'
  if (!line.startsWith('{') && AWAY.test(line)) return 'not started'
  try {
    const { msg } = JSON.parse(line) as { msg?: unknown }
    return typeof msg === 'string' ? msg : undefined
  } catch {
    return undefined
  }
}
