import type { Content } from './content.ts'
import type { Job } from './jobs.ts'

/**
 * `loading`: the log is being read; jobs wait. `ready`: jobs are done at once.
 * `rebuilding`: what is in memory can't be trusted; once the log has answered every row, it is read anew.
 * `gone`: the log knew no such living beat; the next job asks it again.
 */
export type Phase =
  | { readonly name: 'gone' }
  | { readonly name: 'loading'; readonly waiting: Job[] }
  | { readonly name: 'ready'; readonly content: Content }
  | { readonly name: 'rebuilding'; readonly content: Content; readonly waiting: Job[] }
