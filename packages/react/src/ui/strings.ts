export const uiStrings = {
  away: (name: string) => `${name}, away`,
  toasts: 'Messages',
  dismiss: 'Dismiss',
  notFetched: 'This could not be fetched from the server. Try again when you are connected.',
}
