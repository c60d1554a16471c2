/** One room, and how to reach it on the server that is measured. */
export interface Place {
  /** Of each of the room's people in turn: one, or one of each node. */
  readonly urls: readonly string[]
  /** The document's name on the wire. */
  readonly key: string
}

/** What the load generator is told, as JSON on its standard input. */
export interface Workload {
  readonly places: readonly Place[]
  readonly headers: Readonly<Record<string, string>>
  /** `document`: Auth, Step1 and acknowledgements; `relay`: frames go round as they are. */
  readonly speaks: 'document' | 'relay'
  readonly peoplePerRoom: number
  readonly updatesPerSecond: number
  readonly warmUpSeconds: number
  readonly seconds: number
}

/** What it answers, as one line of JSON for each phase. */
export type Report =
  | { readonly phase: 'warm' }
  | {
      readonly phase: 'done'
      readonly sent: number
      readonly acknowledged: number
      readonly delivered: number
      /** From one client to another, in milliseconds. */
      readonly p50: number
      readonly p99: number
    }
