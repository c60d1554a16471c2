import { type ServerMessage, serverMessageSchema } from '@storyweave/protocol'

/** A text frame as it was understood. */
export type ServerText =
  | { readonly known: true; readonly message: ServerMessage }
  /** A message of a newer server, or a broken one; `storySeq` where it takes a place in the story's count. */
  | { readonly known: false; readonly type: string; readonly storySeq: number | undefined }

/** Reads one text frame. Total: nothing throws. */
export function readServerText(text: string): ServerText {
  const value = parseJson(text)
  const parsed = serverMessageSchema.safeParse(value)
  if (parsed.success) return { known: true, message: parsed.data }
  const { type, story_seq } = Object(value) as { type?: unknown; story_seq?: unknown }
  return {
    known: false,
    type: typeof type === 'string' ? type.slice(0, 60) : 'none',
    storySeq: typeof story_seq === 'number' ? story_seq : undefined,
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
