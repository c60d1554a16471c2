import { type Bus, noCounts } from './bus.ts'

/** The bus of a node that was told of no server to meet others at: it carries nothing, and is never up. */
export const loneBus: Bus = Object.freeze({
  publish: () => undefined,
  subscribe: () => () => undefined,
  isUp: false,
  onChange: () => () => undefined,
  counts: Object.freeze(noCounts()),
  close: async () => undefined,
})
