import { Fault, LIMITS } from '@storyweave/protocol'

/** The platform's own decoder, in browsers and in Node alike. */
declare const TextDecoder: new (
  encoding: 'utf-8',
  options: { readonly fatal: true },
) => { decode(bytes: Uint8Array): string }

const MiB = 1024 * 1024

/**
 * The text of an imported Markdown file, without its byte order mark.
 * Throws Fault: `too_large` beyond LIMITS.importFileBytes; `bad_message` for what is not UTF-8, holds U+0000,
 * or holds nothing but white space.
 */
export function decodeMarkdownFile(bytes: Uint8Array): string {
  if (bytes.byteLength > LIMITS.importFileBytes) {
    const limit = LIMITS.importFileBytes / MiB
    throw new Fault('too_large', `The file is larger than ${limit} MB. Split it and import its parts.`)
  }
  const text = decodeUtf8(bytes)
  if (text.includes('\u0000')) {
    throw new Fault('bad_message', 'The file contains U+0000. Save it as plain text in UTF-8 and try again.')
  }
  if (text.trim() === '') throw new Fault('bad_message', 'The file is empty: there is no text to import.')
  return text
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new Fault('bad_message', 'The file is not UTF-8. Save it as plain text in UTF-8 and try again.')
  }
}
