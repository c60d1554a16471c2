export const chatStrings = {
  messages: 'Messages',
  write: 'Write to everyone here',
  placeholder: 'Write to everyone. @ names people, # beats',
  emptyTitle: 'Nobody has said anything yet',
  empty: 'Say hello below. Everyone who may read this story can read it here, now or later.',
  new: 'New',
  newest: 'Newest',
  loadingOlder: 'Fetching older messages…',
  olderFailed: 'Older messages could not be fetched.',
  tryAgain: 'Try again',
  beginning: 'The chat begins here',
  you: 'You',
  saidBy: (name: string, time: string) => `${name}, ${time}:`,
  sending: 'Sending…',
  waiting: 'Waiting: it is sent when you are back online',
  notSent: 'Not sent.',
  discard: 'Discard',
  announced: (name: string, message: string) => `${name}: ${message}`,
  closed: 'You can’t write here any more.',
  writing: (names: readonly string[]) => {
    const [first = '', second = ''] = names
    if (names.length === 1) return `${first} is writing…`
    return names.length === 2 ? `${first} and ${second} are writing…` : 'Several people are writing…'
  },
}
export type ChatStrings = typeof chatStrings
