import { type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

/** A passcode is short and chosen by people: salted, and slow to try out for whoever gets hold of the database. */

const SALT_BYTES = 16
const KEY_BYTES = 32
/** 32 MiB and some 50 ms a try. */
const COST: ScryptOptions = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }

/** `salt.key`, both base64url. */
export async function hashPasscode(passcode: string, random: (count: number) => Uint8Array): Promise<string> {
  const salt = Buffer.from(random(SALT_BYTES))
  const key = await derive(passcode, salt)
  return `${salt.toString('base64url')}.${key.toString('base64url')}`
}

export async function isPasscode(guess: string, hash: string): Promise<boolean> {
  const [salt = '', key = ''] = hash.split('.')
  return timingSafeEqual(await derive(guess, Buffer.from(salt, 'base64url')), Buffer.from(key, 'base64url'))
}

/** The same word typed on another keyboard is the same passcode: NFKC, without the spaces around it. */
const derive = (passcode: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(passcode.normalize('NFKC').trim(), salt, KEY_BYTES, COST, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
