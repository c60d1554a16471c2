export interface ToastAction {
  readonly label: string
  readonly run: () => void
}
export interface ToastEntry {
  readonly id: number
  readonly message: string
  readonly kind: 'plain' | 'error'
  readonly action: ToastAction | undefined
}

/** Long enough to read, to decide and to reach the button by keyboard. */
const STAY_MS = 8_000
/** More at once would cover the page; the oldest gives way. */
const MAX_SHOWN = 3

/** The few words that are shown for a while after something happened. */
export class ToastStore {
  #entries: readonly ToastEntry[] = []
  #nextId = 1
  #timers = new Map<number, ReturnType<typeof setTimeout>>()
  readonly #listeners = new Set<() => void>()

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly getSnapshot = (): readonly ToastEntry[] => this.#entries

  say(message: string, action?: ToastAction): void {
    this.#add({ message, kind: 'plain', action })
  }

  complain(message: string): void {
    this.#add({ message, kind: 'error', action: undefined })
  }

  close(id: number): void {
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
    this.#set(this.#entries.filter((entry) => entry.id !== id))
  }

  /** Nothing goes away under the pointer, or while its button is in focus. */
  hold(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
  }

  letGo(): void {
    for (const { id } of this.#entries) this.#startTimer(id)
  }

  #add(entry: Omit<ToastEntry, 'id'>): void {
    const id = this.#nextId++
    for (const old of this.#entries.slice(0, -(MAX_SHOWN - 1))) this.close(old.id)
    this.#set([...this.#entries, { ...entry, id }])
    this.#startTimer(id)
  }

  #startTimer(id: number): void {
    clearTimeout(this.#timers.get(id))
    this.#timers.set(
      id,
      setTimeout(() => this.close(id), STAY_MS),
    )
  }

  #set(entries: readonly ToastEntry[]): void {
    this.#entries = entries
    for (const tell of this.#listeners) tell()
  }
}

/** Where short messages go. */
export type Toasts = Pick<ToastStore, 'say' | 'complain'>
