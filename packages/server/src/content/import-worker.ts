import { randomBytes } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { Fault } from '@storyweave/protocol'
import { readImport } from './import-story.ts'
import type { ImportJob, ImportReply } from './import-thread.ts'

/** The thread that reads an imported file: started for one file, gone with its answer. */

function answer({ file, title }: ImportJob): ImportReply {
  try {
    return { ok: true, file: readImport(file, title, randomBytes) }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { ok: false, code: error.code, message: error.message, details: error.details }
  }
}

parentPort?.postMessage(answer(workerData as ImportJob))
