/** 256 bits: nobody guesses one, so its plain hash may be kept. */
const TOKEN_BYTES = 32

export const newToken = (random: (count: number) => Uint8Array): string =>
  Buffer.from(random(TOKEN_BYTES)).toString('base64url')

/** The tokens stand behind `#`, which a browser sends to no server and into no log. */
export const invitationLink = (baseUrl: string, token: string): string => `${baseUrl}/invitation#${token}`
export const joinLink = (baseUrl: string, token: string): string => `${baseUrl}/join#${token}`
