import { DatabaseSync } from 'node:sqlite'
import { parentPort } from 'node:worker_threads'
import { mergeUpdates } from '../log/merge.ts'
import { BatchAppender } from './append.ts'
import { toWire } from './error.ts'
import type { Answers, Call, Envelope, Reply, Row, Statement } from './messages.ts'
import { Statements } from './statements.ts'

/**
 * The thread that owns the SQLite file and does all reading and writing of it, so that waiting for the disk
 * never stops the event loop of the server. It answers calls one after the other, in the order they came.
 */

/** How long another process (a backup, the command line) may hold the file. */
const BUSY_TIMEOUT_MS = 5_000

interface Open {
  readonly db: DatabaseSync
  readonly statements: Statements
  readonly appender: BatchAppender
}

let open: Open | undefined

function openFile(file: string): Open {
  const db = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true })
  try {
    db.exec('pragma journal_mode = wal')
    // A commit is on the disk when it is answered, not only in the kernel's hands.
    db.exec('pragma synchronous = full')
    return { db, statements: new Statements(db), appender: new BatchAppender(db) }
  } catch (error) {
    db.close()
    throw error
  }
}

function needOpen(): Open {
  if (open === undefined) throw new Error('The database is not open')
  return open
}

/** SQLite has ended the transaction by itself where the disk failed or is full. */
function rollBack(db: DatabaseSync): void {
  if (db.isTransaction) db.exec('rollback')
}

function readTogether({ db, statements }: Open, queries: readonly Statement[]): readonly (readonly Row[])[] {
  db.exec('begin')
  try {
    const results = queries.map((query) => statements.run(query).rows)
    db.exec('commit')
    return results
  } catch (error) {
    rollBack(db)
    throw error
  }
}

function perform(call: Call): Answers[keyof Answers] {
  switch (call.type) {
    case 'open':
      open = openFile(call.file)
      return undefined
    case 'query':
      return needOpen().statements.run(call)
    case 'read':
      return readTogether(needOpen(), call.statements)
    case 'rollback':
      rollBack(needOpen().db)
      return undefined
    case 'append':
      return needOpen().appender.append(call.nodeId, call.rows)
    case 'merge':
      return mergeUpdates(call.updates)
    case 'close':
      open?.db.close()
      open = undefined
      return undefined
  }
}

function answer({ id, call }: Envelope): Reply {
  try {
    return { id, ok: true, value: perform(call) }
  } catch (error) {
    return { id, ok: false, error: toWire(error) }
  }
}

const port = parentPort
if (port === null) throw new Error('This file is the inside of a worker thread')
port.on('message', (envelope: Envelope) => {
  port.postMessage(answer(envelope))
  if (envelope.call.type === 'close') port.close()
})
