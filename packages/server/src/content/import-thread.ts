import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { type ErrorCode, Fault, type FaultDetails } from '@storyweave/protocol'
import type { ImportedFile } from './import-story.ts'

export interface ImportJob {
  readonly file: Uint8Array
  readonly title: string | undefined
}

export type ImportReply =
  | { readonly ok: true; readonly file: ImportedFile }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string; readonly details: FaultDetails }

/**
 * Reads Markdown files in a thread of their own, so that a long one (20 MB take seconds) stops nobody's writing; one
 * after the other, so that many at once do not take the memory of many.
 */
export class ImportThread {
  #last: Promise<unknown> = Promise.resolve()

  /** @throws Fault as `readImport`. */
  read(job: ImportJob): Promise<ImportedFile> {
    const mine = this.#last.then(() => readInThread(job))
    // Whoever asked hears of a failure; the next one only waits for the end.
    this.#last = mine.catch(() => undefined)
    return mine
  }
}

async function readInThread(job: ImportJob): Promise<ImportedFile> {
  const worker = new Worker(new URL('./import-worker.ts', import.meta.url), { workerData: job })
  try {
    const [reply]: ImportReply[] = await Promise.race([once(worker, 'message'), exited(worker)])
    if (reply?.ok === true) return reply.file
    throw new Fault(reply?.code ?? 'internal', reply?.message ?? '', reply?.details)
  } finally {
    await worker.terminate()
  }
}

/** A thread that ends without a word (out of memory) would be waited for for ever. */
async function exited(worker: Worker): Promise<never> {
  const [code] = await once(worker, 'exit')
  throw new Error(`The import thread ended with code ${code} before it answered`)
}
