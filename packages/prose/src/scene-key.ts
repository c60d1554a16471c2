const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'
const KEY_LENGTH = 12
/** Bytes from here on are thrown away: with them some characters would come more often than others. */
const FAIR_BYTES = 256 - (256 % ALPHABET.length)

/** A new scene's key: 12 of a–z and 0–9, from `randomBytes(n)`, a cryptographic source of n bytes. */
export function newSceneKey(randomBytes: (n: number) => Uint8Array): string {
  let key = ''
  while (key.length < KEY_LENGTH) {
    for (const byte of randomBytes(KEY_LENGTH - key.length)) {
      if (byte < FAIR_BYTES) key += ALPHABET.charAt(byte % ALPHABET.length)
    }
  }
  return key
}
