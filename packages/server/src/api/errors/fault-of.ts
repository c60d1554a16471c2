import { describeComplaint, Fault } from '@storyweave/protocol'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { isDatabaseAway } from './database-away.ts'

/** When it is worth trying again after the database was away. */
const RETRY_AFTER_MS = 2_000

/** What the request's body may be at most, in bytes, for the message. */
type BodyLimit = number | undefined

/** The refusal that an error stands for; undefined for one that nobody foresaw. */
export function faultOf(error: unknown, bodyLimit: BodyLimit): Fault | undefined {
  if (error instanceof Fault) return error
  if (hasZodFastifySchemaValidationErrors(error)) return faultOfComplaint(error.validation[0])
  if (isDatabaseAway(error)) return databaseAway()
  return faultOfFastify(error, bodyLimit)
}

const databaseAway = (): Fault =>
  new Fault('unavailable', 'The server can’t reach its database right now. Nothing was changed; try again.', {
    retry_after_ms: RETRY_AFTER_MS,
  })

/** As the schemas' library tells it. */
interface Complained {
  readonly instancePath: string
  readonly message?: string | undefined
  readonly params?: Readonly<Record<string, unknown>> | undefined
}

/** A request that does not fit its schema, with the field's path. */
function faultOfComplaint(complained: Complained | undefined): Fault {
  const { instancePath = '', message: complaint = 'is wrong', params } = complained ?? {}
  const at = instancePath.split('/').filter((part) => part !== '')
  const maximum = params?.['maximum']
  const most = typeof maximum === 'number' ? maximum : undefined
  const { code, message, path } = describeComplaint({ path: at.join('.'), complaint, most })
  return new Fault(code, message, path === '' ? {} : { path })
}

const MIB = 1024 * 1024
const inMiB = (bytes: BodyLimit): string => (bytes === undefined ? 'is' : `the ${bytes / MIB} MiB`)

function faultOfFastify(error: unknown, bodyLimit: BodyLimit): Fault | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Fault('too_large', `The request is larger than ${inMiB(bodyLimit)} allowed here.`)
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return new Fault('bad_json', 'The request’s body is not JSON.')
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Fault('bad_message', 'The request’s content-type is not one this address takes.', {
        path: 'content-type',
      })
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new Fault('bad_message', 'The request’s body is not as long as its content-length says.', {
        path: 'content-length',
      })
    case 'FST_ERR_BAD_URL':
      return new Fault('not_found', 'There is nothing at this address.')
    default:
      return undefined
  }
}
