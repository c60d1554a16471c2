export const peopleStrings = {
  here: 'People here',
  you: (name: string) => `${name} (you)`,
  goTo: (name: string) => `Go to where ${name} is`,
  follow: (name: string) => `Follow ${name}`,
}
