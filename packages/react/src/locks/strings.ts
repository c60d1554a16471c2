const MINUTE_MS = 60_000

/** In minutes while there is more than one, then in seconds. */
const amount = (ms: number): string =>
  ms > MINUTE_MS ? `${Math.ceil(ms / MINUTE_MS)} min` : `${Math.ceil(ms / 1000)} s`

export const lockStrings = {
  lock: 'Lock',
  lockHint: 'For half an hour you alone can change this beat. Writing together needs no lock.',
  release: 'Release',
  mine: 'Locked by you',
  held: (name: string) => `${name} is writing here`,
  left: (ms: number) => `${amount(ms)} left`,
  ask: 'Ask for it',
  askAgain: 'Ask again',
  asked: (name: string) => `You asked ${name}`,
  answerWithin: (ms: number) => `${amount(ms)} to answer`,
  declined: (name: string) => `${name} keeps it for now`,
  override: 'End the lock…',
  overrideTitle: (name: string) => `End ${name}’s lock?`,
  overrideWords: (name: string) =>
    `${name} is told, and everybody can write here again. Words of theirs that are still on their way are kept on their device.`,
  overrideDo: 'End the lock',
  overrideNot: 'Leave it',
  badge: (name: string) => `Locked by ${name}`,
  questions: 'Questions about your locks',
  wants: (name: string, beat: string) => `${name} asks for ${beat}`,
  unlessYouWrite: 'If you neither answer nor write, it is handed over.',
  handedOverIn: (ms: number) => amount(ms),
  handOver: 'Hand over',
  keep: 'Keep it',
  beat: (title: string) => (title.trim() === '' ? 'an untitled beat' : `“${title.trim()}”`),
  gotIt: (beat: string) => `You have the lock on ${beat} now.`,
  notGranted: (beat: string) => `${beat} stays locked: its writer keeps it for now.`,
  overridden: (name: string, beat: string) =>
    `${name} ended your lock on ${beat}. Everybody can write there again.`,
  handedOver: (name: string, beat: string) => `${name} has ${beat} now. You can read it and ask for it.`,
  expired: (beat: string) => `Your lock on ${beat} is over. Everybody can write there again.`,
}

export type LockStrings = typeof lockStrings
