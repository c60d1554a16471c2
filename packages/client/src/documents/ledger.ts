/** Changes that travel in one frame and are answered by one SyncStatus. */
interface Parcel {
  readonly changes: number
  /** Milliseconds since 1970 UTC: when the oldest of the changes was made, or sent again. */
  readonly since: number
}

/** Where in the order of answers a Step2 stands that the server asked for of its own accord. */
const HOMECOMING = 'homecoming'

/**
 * Counts what is not on the server's disk. Acks carry no id: their number and their order are all there is.
 *
 * Each parcel sent is answered once, in order. One that is refused for now waits in `returned` for the
 * server to ask for it; the Step2 that brings it home is answered by one ack for each such parcel.
 */
export class AckLedger {
  #unsent: Parcel | undefined
  #inFlight: (Parcel | typeof HOMECOMING)[] = []
  #returned: Parcel[] = []
  #refused = 0

  /** Changes made here that are not on the server's disk. */
  get unsaved(): number {
    const sent = this.#parcels().reduce((sum, { changes }) => sum + changes, 0)
    return sent + (this.#unsent?.changes ?? 0) + this.#refused
  }

  /** Since when the oldest change has been waiting for its ack; refused ones wait for nothing. */
  get oldest(): number | undefined {
    const waiting = this.#parcels().filter(({ changes }) => changes > 0)
    const since = [...waiting, ...(this.#unsent === undefined ? [] : [this.#unsent])].map(
      (parcel) => parcel.since,
    )
    return since.length === 0 ? undefined : Math.min(...since)
  }

  /** How many of the unsaved changes the server has refused. */
  get refused(): number {
    return this.#refused
  }

  made(changes: number, now: number): void {
    this.#unsent = { changes: (this.#unsent?.changes ?? 0) + changes, since: this.#unsent?.since ?? now }
  }

  /** Everything made so far has left in one frame, which is answered once, even where it holds no change. */
  sent(now: number): void {
    this.#inFlight.push(this.#unsent ?? { changes: 0, since: now })
    this.#unsent = undefined
  }

  /** A Step2 has left that the server asked for of its own accord. */
  sentHome(): void {
    this.#inFlight.push(HOMECOMING)
    this.#settle()
  }

  /** False where nobody waited for this ack: then the count can't be trusted any more. */
  accepted(): boolean {
    const fromHome = this.#inFlight[0] === HOMECOMING
    const parcel = fromHome ? this.#returned.shift() : this.#inFlight.shift()
    this.#settle()
    return parcel !== undefined
  }

  /** The next parcel was refused for now: the server will ask for it. */
  refusedForNow(): boolean {
    const parcel = this.#shiftRefused()
    if (parcel !== undefined) this.#returned.push(parcel)
    this.#settle()
    return parcel !== undefined
  }

  /** The next parcel was refused for good. */
  refusedForGood(): boolean {
    const parcel = this.#shiftRefused()
    this.#refused += parcel?.changes ?? 0
    this.#settle()
    return parcel !== undefined
  }

  /** What is not sent yet never will be as it is. */
  refuseUnsent(): void {
    this.#refused += this.#unsent?.changes ?? 0
    this.#unsent = undefined
  }

  /** The socket is gone, or the key is opened anew: what has no answer counts as never sent. */
  lost(now: number): void {
    const changes = this.unsaved - this.#refused
    this.#inFlight = []
    this.#returned = []
    this.#unsent = changes === 0 ? undefined : { changes, since: this.#unsent?.since ?? now }
  }

  /** Refused words are to be sent again. */
  forgive(now: number): void {
    const refused = this.#refused
    this.#refused = 0
    if (refused > 0) this.made(refused, now)
  }

  #parcels(): Parcel[] {
    return [...this.#inFlight.filter((parcel) => parcel !== HOMECOMING), ...this.#returned]
  }

  /** A homecoming is never refused: a refusal belongs to the parcel behind it. */
  #shiftRefused(): Parcel | undefined {
    while (this.#inFlight[0] === HOMECOMING) this.#inFlight.shift()
    return this.#inFlight.shift() as Parcel | undefined
  }

  /** A homecoming that has brought everything home waits for no further answer. */
  #settle(): void {
    while (this.#inFlight[0] === HOMECOMING && this.#returned.length === 0) this.#inFlight.shift()
  }
}
