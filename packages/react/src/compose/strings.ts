export const composeStrings = {
  send: 'Send',
  cancel: 'Cancel',
  placeholder: 'Write something. @ names people, # names beats',
  left: (characters: number) => (characters === 1 ? '1 character left' : `${characters} characters left`),
  tooLong: (characters: number) =>
    characters === 1 ? '1 character too many' : `${characters} characters too many`,
  people: 'People to mention',
  beats: 'Beats to link to',
  suggestions: (count: number) =>
    count === 1
      ? '1 suggestion. Enter takes it, Escape closes.'
      : `${count} suggestions. Arrow keys choose, Enter takes, Escape closes.`,
  untitled: 'Untitled',
  goTo: (beat: string) => `Go to beat ${beat}`,
  deletedBeat: 'This beat was deleted',
}
