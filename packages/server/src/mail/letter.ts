/** A letter, ready to be sent. */
export interface Letter {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** Where one click stops these mails (RFC 8058); for what nobody asked for. */
  readonly unsubscribe?: string
}

/** What a letter says; texts may come from anyone. Links are this house's own. */
export interface Wording {
  readonly subject: string
  readonly paragraphs: readonly string[]
  readonly items?: readonly { readonly text: string; readonly link: string }[]
  readonly button?: { readonly label: string; readonly link: string }
  /** Small print. */
  readonly footer: string
  readonly unsubscribe?: string
}

const MAX_SUBJECT_CHARS = 140

/** The same words twice: as plain text, and as HTML in which nothing but our own tags is one. */
export function writeLetter(to: string, wording: Wording): Letter {
  const { unsubscribe } = wording
  return {
    to,
    subject: oneLine(wording.subject, MAX_SUBJECT_CHARS),
    text: asText(wording),
    html: asHtml(wording),
    ...(unsubscribe !== undefined && { unsubscribe }),
  }
}

/** Without line breaks and other control characters, and cut at a whole character. */
export function oneLine(text: string, maxChars: number): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  const chars = [...line]
  return chars.length <= maxChars ? line : `${chars.slice(0, maxChars - 1).join('')}…`
}

function asText({ paragraphs, items = [], button, footer, unsubscribe }: Wording): string {
  const parts = [
    ...paragraphs,
    ...items.map(({ text, link }) => `• ${text}\n  ${link}`),
    ...(button === undefined ? [] : [`${button.label}:\n${button.link}`]),
    `-- \n${footer}`,
    ...(unsubscribe === undefined ? [] : [`Turn these mails off:\n${unsubscribe}`]),
  ]
  return `${parts.join('\n\n')}\n`
}

function asHtml({ subject, paragraphs, items = [], button, footer, unsubscribe }: Wording): string {
  const listed = items.map((item) => `<li>${linkTo(item.link, item.text)}</li>`)
  const off = unsubscribe === undefined ? '' : ` ${linkTo(unsubscribe, 'Turn these mails off')}`
  const body = [
    ...paragraphs.map((text) => `<p>${escaped(text)}</p>`),
    ...(listed.length === 0 ? [] : ['<ul>', ...listed, '</ul>']),
    ...(button === undefined ? [] : [`<p>${linkTo(button.link, button.label)}</p>`]),
    `<p style="font-size: 13px; color: #666">${escaped(footer)}${off}</p>`,
  ]
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escaped(subject)}</title></head>
<body style="font-family: Georgia, serif; font-size: 16px; line-height: 1.5; max-width: 36em">
${body.join('\n')}
</body>
</html>
`
}

const linkTo = (address: string, text: string): string => `<a href="${escaped(address)}">${escaped(text)}</a>`

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '')
