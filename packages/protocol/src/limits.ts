/** What the protocol allows at most. Both sides know these, so a good client never runs into them. */
const KiB = 1024
const MiB = 1024 * KiB

export const LIMITS = {
  /** One JSON message, in bytes of UTF-8. Beyond it: `too_large`; the socket lives. */
  jsonMessageBytes: 64 * KiB,
  /** One document frame. Beyond it the socket closes with 1009. */
  documentFrameBytes: 16 * MiB,
  /** A beat's document, encoded. Beyond it an update is refused with `too_large`. */
  documentStateBytes: 32 * MiB,
  /** Document keys open on one socket. Beyond it the Auth is denied. */
  openKeysPerSocket: 300,
  /** A key as it stands on the wire: name, or name, U+0000 and a session id. */
  keyBytes: 256,
  /** One awareness state as JSON. */
  awarenessStateBytes: 4 * KiB,
  /** All states of one frame. Beyond it the frame is dropped. */
  awarenessFrameBytes: 64 * KiB,
  /** Yjs client ids under which one socket shows a state in a document. Further ones are dropped. */
  awarenessIdsPerSocket: 16,
  /** What one key may have waiting before its Auth is decided. */
  heldBytes: 1 * MiB,
  heldFrames: 100,
  /** A socket without credentials has this long for its first accepted Auth; a key's Auth must be decided in it. */
  authMs: 10_000,
  /** Characters (UTF-16 code units, as String.length counts) of a card's field sent by JSON or REST. */
  cardFieldChars: 20_000,
  /** Characters of a chat message, and of a comment. */
  chatChars: 4_000,
  commentChars: 10_000,
  /** JSON messages from one socket: sustained, and in one burst. */
  jsonPerSecond: 100,
  jsonBurst: 300,
  /** A socket that ignores `rate_limited` for this long is closed with 4429. */
  rateIgnoredMs: 10_000,
  /** Document frames waiting in the room: beyond either, the server stops reading the socket. */
  waitingFrames: 2_000,
  waitingBytes: 4 * MiB,
  /** What a slow reader may have unread; beyond either it is closed with 4408. */
  slowReaderBytes: 4 * MiB,
  slowReaderMs: 10_000,
  /** Sockets one person may have in one story, and one story altogether. */
  socketsPerPersonAndStory: 20,
  socketsPerStory: 1_000,
  /** The server pings this often; a socket silent for `silenceMs` is closed with 4408. */
  pingMs: 20_000,
  silenceMs: 60_000,
  /** `presence_update` goes out at most this often. */
  presenceIntervalMs: 250,
  /** `cursor_move` of one person goes out at most this often. */
  cursorIntervalMs: 50,
  /** `typing` of one person goes out at most this often. */
  typingIntervalMs: 1_000,
  /** `edit` for one beat and author goes out at most this often. */
  editIntervalMs: 100,
  /** Above this many people presence travels as `joined`, `left`, `changed`. */
  presenceFullUsers: 50,
  /** A ticket for a socket lives this long and works once. */
  ticketMs: 30_000,
  /** An imported Markdown file. */
  importFileBytes: 20 * MiB,
  /** A story's title. */
  titleChars: 300,
} as const

/** Ids are integers from 1 to this; anything else is `not_found`. */
export const MAX_ID = 2 ** 31 - 1
