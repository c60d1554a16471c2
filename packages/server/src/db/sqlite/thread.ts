import { Worker } from 'node:worker_threads'
import { fromWire } from './error.ts'
import type { Answers, Call, Envelope, Reply } from './messages.ts'
import { Mutex } from './mutex.ts'

interface Waiting {
  readonly resolve: (value: never) => void
  readonly reject: (error: Error) => void
}

/** The server's end of the thread that owns the SQLite file. */
export class SqliteThread {
  /**
   * Who holds it has the one connection: a transaction from begin to commit, a single query, a batch of the log.
   * `call` does not take it.
   */
  readonly mutex = new Mutex()
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  readonly #exited: Promise<void>
  #lastId = 0
  #stopped: Error | undefined

  private constructor() {
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { name: 'sqlite' })
    this.#exited = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        this.#stop(new Error('The database thread has ended'))
        resolve()
      })
    })
    this.#worker.on('error', (error) =>
      this.#stop(new Error(`The database thread broke down: ${String(error)}`, { cause: error })),
    )
    this.#worker.on('message', (reply: Reply) => this.#settle(reply))
  }

  /**
   * Opens the file, makes it where it is missing; `:memory:` is a database that ends with the thread.
   * @throws SqliteError
   */
  static async open(file: string): Promise<SqliteThread> {
    const thread = new SqliteThread()
    try {
      await thread.call({ type: 'open', file })
      return thread
    } catch (error) {
      await thread.terminate()
      throw error
    }
  }

  /** Resolves with the thread's answer. @throws SqliteError, or Error where the thread is no more. */
  call<C extends Call>(call: C): Promise<Answers[C['type']]> {
    if (this.#stopped !== undefined) return Promise.reject(this.#stopped)
    return new Promise<Answers[C['type']]>((resolve, reject) => {
      const envelope: Envelope = { id: ++this.#lastId, call }
      this.#worker.postMessage(envelope)
      this.#waiting.set(envelope.id, { resolve, reject })
    })
  }

  /** Lets what is under way end, then closes the file. A second call waits for the first. */
  async close(): Promise<void> {
    if (this.#stopped === undefined) {
      await this.mutex.run(async () => {
        if (this.#stopped !== undefined) return
        const closing = this.call({ type: 'close' })
        this.#stopped = new Error('The database is closed')
        await closing
      })
    }
    await this.#exited
  }

  /** Ends the thread at once. What it had not committed is rolled back by whoever opens the file next. */
  async terminate(): Promise<void> {
    await this.#worker.terminate()
    await this.#exited
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    // The reply carries the id of its call, and so the type of its answer.
    if (reply.ok) waiting?.resolve(reply.value as never)
    else waiting?.reject(fromWire(reply.error))
  }

  #stop(reason: Error): void {
    this.#stopped ??= reason
    for (const { reject } of this.#waiting.values()) reject(reason)
    this.#waiting.clear()
  }
}
