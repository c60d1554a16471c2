const changes = (count: number): string => (count === 1 ? '1 change' : `${count} changes`)

/** What `…Long` says goes on where the other ends, where there is room. */
export const saveStrings = {
  saved: 'Saved',
  /** Said, not shown, when what was kept here is on the server. */
  savedAgain: 'Everything is saved',
  saving: 'Saving…',
  notSaved: 'Not saved yet',
  notSavedLong: ': the server can’t write',
  offline: 'Offline',
  offlineLong: ': what you write is kept here',
  offlineMemoryLong: ': what you write is kept only as long as this page is open',
  offlineChanges: (count: number) => `Offline: ${changes(count)} kept here`,
  offlineChangesLong: (count: number) => `, ${count === 1 ? 'it' : 'they'} will be sent when you are back`,
  ended: 'Not connected',
  endedChanges: (count: number) => `${changes(count)} kept here`,
}
