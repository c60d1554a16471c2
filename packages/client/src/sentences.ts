import { type ErrorCode, Fault, type FaultDetails } from '@storyweave/protocol'
import type { Refusal } from './offline/store.ts'

/** What is said on this side of the wire, by name: whoever shows it may have other words for it. */
export const clientSentences = {
  beatLocked: 'Someone else has locked this beat.',
  mayNotWrite: 'You may read this story, but not write in it.',
  textTooLarge: 'The text is too large to be sent.',
  unreadable: 'The server could not read these changes.',
  groundGone: 'These words stood on others that are not there any more.',
  beatDeleted: 'This beat was deleted while you wrote.',
  notTaken: 'The server did not take these changes.',
  overtaken: 'What these words stood in was deleted or moved while you wrote.',
  beatGone: 'This beat is not here any more; copy the text.',
  beatReadOnly: 'This beat can’t be changed from here right now; try again later.',
  noScene: 'This beat has no scene to write into; add one first.',
  notInDrawer: 'These words are not in the drawer any more.',
  chatEmpty: 'A chat message must not be empty.',
  chatTooLong: (most: number, length: number) =>
    `A chat message has ${most} characters at most; this one has ${length}.`,
  commentEmpty: 'A comment must not be empty.',
  commentTooLong: (most: number, length: number) =>
    `A comment has ${most} characters at most; this one has ${length}.`,
  sentTooLarge: 'This is too large to be sent at once; send less of it.',
  /** Something before the server answered in its place. */
  answered: (status: number) => `The server answered ${status}.`,
  notShared: 'This story is no longer shared with you.',
  storyDeleted: 'This story was deleted.',
  noStory: 'There is no such story, or it is not shared with you.',
  changeTooLarge: 'A change was too large to be sent.',
}

type Sentences = typeof clientSentences
export type SentenceName = keyof Sentences

/** A sentence that says the same each time. */
export type PlainSentence = {
  [Name in SentenceName]: Sentences[Name] extends string ? Name : never
}[SentenceName]

/** A refusal that was not the server's, with the name of its sentence. */
export class ClientFault extends Fault {
  readonly said: SentenceName
  /** What the sentence has to be told, in its order. */
  readonly values: readonly number[]

  constructor(
    code: ErrorCode,
    said: SentenceName,
    values: readonly number[] = [],
    details: FaultDetails = {},
  ) {
    super(code, sentence(clientSentences, said, values), details)
    this.said = said
    this.values = values
  }
}

/** A refusal that was kept, to be told. */
export function faultOf({ code, message, said }: Refusal): Fault {
  return said === undefined ? new Fault(code, message) : new ClientFault(code, said)
}

/** A sentence in the words of a table. */
export function sentence(words: Sentences, name: SentenceName, values: readonly number[] = []): string {
  const said = words[name] as string | ((...values: readonly number[]) => string)
  return typeof said === 'string' ? said : said(...values)
}
