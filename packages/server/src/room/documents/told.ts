/** Up to which row a document's readers have heard everything, while what they hear comes as single rows. */
export class Told {
  #before = Number.POSITIVE_INFINITY

  /** From this row on they are not sure to have heard it. */
  untold(seq: number): void {
    this.#before = Math.min(this.#before, seq)
  }

  /** The document was read anew, up to `seq`: true where its readers have to be told the whole of it. */
  isBehind(seq: number): boolean {
    const isBehind = this.#before <= seq
    this.#before = Number.POSITIVE_INFINITY
    return isBehind
  }
}
