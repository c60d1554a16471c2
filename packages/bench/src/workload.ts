/** One room, and how to reach it on the server that is measured. */
export interface Place {
  /** Of each of the room's people in turn: one, or one of each node. */
  readonly urls: readonly string[]
  /** The document's name on the wire. */
  readonly key: string
}

/** What the load generator is told, as a line of JSON on its standard input; each further line is one window. */
export interface Workload {
  readonly places: readonly Place[]
  readonly headers: Readonly<Record<string, string>>
  /** `document`: Auth, Step1 and acknowledgements; `relay`: frames go round as they are. */
  readonly speaks: 'document' | 'relay'
  readonly peoplePerRoom: number
  readonly updatesPerSecond: number
  readonly warmUpSeconds: number
  /** How long a window is. */
  readonly seconds: number
  /** How many windows there are at most. */
  readonly windows: number
}

/** What it answers, as a line of JSON: once when everybody is there and writing has begun, then after each window. */
export type Report =
  | { readonly phase: 'warm' }
  | {
      readonly phase: 'window'
      readonly sent: number
      readonly acknowledged: number
      readonly delivered: number
      /** From one client to another, in milliseconds. */
      readonly p50: number
      readonly p99: number
    }
