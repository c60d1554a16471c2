import type { Role } from '@storyweave/protocol'
import { oneLine, type Wording } from './letter.ts'

/** What the house's letters say. Names, titles and messages are people's own: they are never more than text. */

const MAX_TITLE_CHARS = 80
const SHOWN_NOTIFICATIONS = 20

const quoted = (title: string): string => `“${oneLine(title, MAX_TITLE_CHARS)}”`
const named = (name: string): string => oneLine(name, MAX_TITLE_CHARS)

const INVITED_TO: Readonly<Record<Role, string>> = {
  owner: 'own it with them',
  editor: 'write in it with them',
  viewer: 'read it and comment on it',
}

export function invitationWording(
  { storyTitle, inviterName, role }: { storyTitle: string; inviterName: string; role: Role },
  link: string,
): Wording {
  const inviter = named(inviterName)
  return {
    subject: `${inviter} invites you to ${quoted(storyTitle)}`,
    paragraphs: [
      `${inviter} invites you to the story ${quoted(storyTitle)} in StoryWeave: to ${INVITED_TO[role]}.`,
      'The link is yours alone: whoever opens it can take your place.',
    ],
    button: { label: 'Open the story', link },
    footer: 'If you don’t know who this is from, you need not do anything.',
  }
}

export const verificationWording = (name: string, link: string): Wording => ({
  subject: 'Confirm your address for StoryWeave',
  paragraphs: [
    `Welcome, ${named(name)}. Confirm that this address is yours, so that others can invite you by it.`,
  ],
  button: { label: 'Confirm my address', link },
  footer: 'If you didn’t sign up to StoryWeave, you need not do anything: the link ends in a day.',
})

export const resetWording = (name: string, link: string): Wording => ({
  subject: 'A new password for StoryWeave',
  paragraphs: [`Hello ${named(name)}, somebody asked for a new password for your account. Was it you?`],
  button: { label: 'Choose a new password', link },
  footer: 'If it wasn’t you, you need not do anything: your password stays, and the link ends in an hour.',
})

export interface BundleContent {
  readonly storyTitle: string
  readonly items: readonly { readonly text: string; readonly link: string }[]
  readonly storyLink: string
  readonly unsubscribe: string
}

export function bundleWording({ storyTitle, items, storyLink, unsubscribe }: BundleContent): Wording {
  const [first] = items
  const count = items.length
  const more = count - SHOWN_NOTIFICATIONS
  const what = count === 1 && first !== undefined ? first.text : `${count} things that concern you`
  return {
    subject: `${quoted(storyTitle)}: ${what}`,
    paragraphs: [`You have not read this in ${quoted(storyTitle)} yet:`],
    items: [
      ...items.slice(0, SHOWN_NOTIFICATIONS),
      ...(more > 0 ? [{ text: `… and ${more} more`, link: storyLink }] : []),
    ],
    button: { label: 'Open the story', link: storyLink },
    footer:
      'StoryWeave sends you at most one mail in 15 minutes for a story, and none for what you have read.',
    unsubscribe,
  }
}
