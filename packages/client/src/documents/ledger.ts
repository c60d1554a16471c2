/** Changes that travel in one frame and are answered by one SyncStatus. */
interface Parcel {
  readonly changes: number
  /** Milliseconds since 1970 UTC: when the oldest of the changes was made, or sent again. */
  readonly since: number
  /** The update as it was sent. */
  readonly update: Uint8Array | undefined
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
  readonly #onArrived: (update: Uint8Array) => void
  #unsent: Omit<Parcel, 'update'> | undefined
  #inFlight: (Parcel | typeof HOMECOMING)[] = []
  #returned: Parcel[] = []

  /** `onArrived` hears of each update that was sent and is on the server's disk. */
  constructor(onArrived: (update: Uint8Array) => void = () => undefined) {
    this.#onArrived = onArrived
  }

  /** Changes made here that are not on the server's disk. */
  get unsaved(): number {
    const sent = this.#parcels().reduce((sum, { changes }) => sum + changes, 0)
    return sent + (this.#unsent?.changes ?? 0)
  }

  /** Since when the oldest change has been waiting for its ack. */
  get oldest(): number | undefined {
    const waiting = this.#parcels().filter(({ changes }) => changes > 0)
    const since = [...waiting, ...(this.#unsent === undefined ? [] : [this.#unsent])].map(
      (parcel) => parcel.since,
    )
    return since.length === 0 ? undefined : Math.min(...since)
  }

  made(changes: number, now: number): void {
    this.#unsent = { changes: (this.#unsent?.changes ?? 0) + changes, since: this.#unsent?.since ?? now }
  }

  /** Everything made so far has left in one frame, which is answered once, even where it holds no change. */
  sent(now: number, update?: Uint8Array): void {
    this.#inFlight.push({ ...(this.#unsent ?? { changes: 0, since: now }), update })
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
    const parcel = fromHome ? this.#returned.shift() : (this.#inFlight.shift() as Parcel | undefined)
    this.#settle()
    if (parcel?.update !== undefined) this.#onArrived(parcel.update)
    return parcel !== undefined
  }

  /** The next parcel was refused for now: the server will ask for it. */
  refusedForNow(): boolean {
    const parcel = this.#shiftRefused()
    if (parcel !== undefined) this.#returned.push(parcel)
    this.#settle()
    return parcel !== undefined
  }

  /** The socket is gone, or the key is opened anew: what has no answer counts as never sent. */
  lost(now: number): void {
    const changes = this.unsaved
    this.#inFlight = []
    this.#returned = []
    this.#unsent = changes === 0 ? undefined : { changes, since: this.#unsent?.since ?? now }
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
