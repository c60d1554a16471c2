import type { ApiDependencies } from '../context.ts'
import type { SharingLimits } from './limits.ts'

/** What sharing's routes work with. */
export interface SharingApi extends ApiDependencies {
  readonly limits: SharingLimits
}
