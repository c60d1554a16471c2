import { Cluster } from './cluster.ts'
import { ServerProcess } from './server-process.ts'

/** A house that tests are guests of: one process, or several nodes behind a load balancer. */
export interface House {
  /** `http://localhost:…`, without a slash at its end. */
  readonly address: string
  /** The same with `ws:`. */
  readonly socketAddress: string
  /** What the command line has to be told to work on this house. */
  readonly commandEnvironment: Readonly<Record<string, string>>
  /** Of a house that had no owner at its start. */
  readonly setupLink: string | undefined
  /** What its processes have written to standard error so far. */
  readonly errors: string
  /** Starts it again, under the same address. */
  start(): Promise<void>
  /** Ends every process without a warning, as a power cut does. */
  kill(): Promise<void>
  /** Ends every process as an operator does. */
  stop(): Promise<void>
  /** Stops it and removes what it has kept. */
  remove(): Promise<void>
}

/** Set: houses are of so many nodes, on PostgreSQL and Redis. */
const NODES = Number(process.env['STORYWEAVE_E2E_NODES'] ?? 1)
/** Whether it has a load balancer in front, which says what people's addresses are. */
export const isBalanced = NODES > 1

/** An empty house, of as many nodes as this run of the tests is about. */
export function startHouse(environment: Readonly<Record<string, string>> = {}): Promise<House> {
  return isBalanced ? Cluster.start({ nodes: NODES, environment }) : ServerProcess.start(environment)
}
