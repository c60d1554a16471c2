export const followStrings = {
  following: (name: string) => `Following ${name}`,
  stop: 'Stop',
  left: (name: string) => `${name} has left. You are on your own again.`,
}
