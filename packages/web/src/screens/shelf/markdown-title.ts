import { LIMITS } from '@storyweave/protocol'

/** A title stands near a file's beginning; reading all of 20 MB to look for one would be waste. */
const LOOK_CHARS = 64 * 1024

/** `# Title`, or a line underlined with `===`. */
const OWN_TITLE = /^ {0,3}#[ \t]+\S|^[^\n]*\S[^\n]*\r?\n {0,3}=+[ \t]*\r?$/m

export const hasOwnTitle = (markdown: string): boolean => OWN_TITLE.test(markdown)

/** The title to import a file under: its name, or undefined where the file gives one itself. */
export async function importTitle(file: File): Promise<string | undefined> {
  if (hasOwnTitle(await file.slice(0, LOOK_CHARS).text())) return undefined
  const name = file.name.replace(/\.[^.]*$/, '').trim()
  return name.slice(0, LIMITS.titleChars) || undefined
}
