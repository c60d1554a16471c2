import { type ErrorCode, Fault, type FaultDetails, HTTP_STATUS, problemSchema } from '@storyweave/protocol'
import type { z } from 'zod'
import { detailsOf } from '../fault-details.ts'
import { ClientFault } from '../sentences.ts'

export interface HttpOptions {
  /** `https://stories.example`; a path below it works too. */
  readonly baseUrl: string
  readonly fetch: typeof globalThis.fetch
  /** Sent as `Authorization: Bearer`; without it the session cookie of the same origin speaks. */
  readonly token?: string
}

export interface RequestOptions {
  readonly signal?: AbortSignal
  /** Repeats with the same key get the first result and make nothing: for requests that make something. */
  readonly idempotencyKey?: string
}

export interface Request extends RequestOptions {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | undefined>>
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as it is. */
  readonly body?: { readonly type: string; readonly content: Blob | string }
}

/**
 * Requests to the server. Every refusal is a Fault with the server's code; `unavailable` where the server can't
 * be reached. A request that its caller aborts rejects with the signal's reason.
 */
export class Http {
  readonly #options: HttpOptions

  constructor(options: HttpOptions) {
    this.#options = options
  }

  /** Asks for something that `schema` describes. */
  async ask<Schema extends z.ZodType>(schema: Schema, request: Request): Promise<z.output<Schema>> {
    const response = await this.#send(request)
    const parsed = schema.safeParse(await readJson(response, request))
    if (parsed.success) return parsed.data
    throw new Fault('internal', 'The server gave an answer that this version does not understand.')
  }

  /** Asks for something to be done; what the server answers besides yes does not matter. */
  async tell(request: Request): Promise<void> {
    const response = await this.#send(request)
    await response.body?.cancel()
  }

  async #send(request: Request): Promise<Response> {
    const response = await this.#fetch(request)
    if (response.ok) return response
    throw await faultOf(response)
  }

  async #fetch(request: Request): Promise<Response> {
    const { signal } = request
    try {
      return await this.#options.fetch(this.#url(request), {
        method: request.method,
        headers: this.#headers(request),
        credentials: 'same-origin',
        ...bodyOf(request),
        ...(signal !== undefined && { signal }),
      })
    } catch (error) {
      if (signal?.aborted) throw error
      throw away()
    }
  }

  #url({ path, query = {} }: Request): string {
    const url = new URL(this.#options.baseUrl.replace(/\/$/, '') + path)
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value))
    }
    return url.href
  }

  #headers({ json, body, idempotencyKey }: Request): Record<string, string> {
    const { token } = this.#options
    return {
      accept: 'application/json',
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...(body !== undefined && { 'content-type': body.type }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    }
  }
}

function bodyOf({ json, body }: Request): { body?: Blob | string } {
  if (body !== undefined) return { body: body.content }
  return json === undefined ? {} : { body: JSON.stringify(json) }
}

const away = () => new Fault('unavailable', 'The server can not be reached. Check the network and try again.')

/** Undefined for what is not JSON; a connection that breaks within the answer is `unavailable`. */
async function readJson(response: Response, { signal }: RequestOptions): Promise<unknown> {
  let text: string
  try {
    text = await response.text()
  } catch (error) {
    if (signal?.aborted) throw error
    throw away()
  }
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function faultOf(response: Response): Promise<Fault> {
  const problem = problemSchema.safeParse(await readJson(response, {}))
  if (!problem.success) {
    const { status } = response
    return new ClientFault(codeOfStatus(status), 'answered', [status], retryAfter(response))
  }
  const { code, detail, title, ...details } = problem.data
  return new Fault(code, detail ?? title, { ...retryAfter(response), ...detailsOf(details) })
}

/** What a status means where something before the server answers: a proxy, a load balancer. */
function codeOfStatus(status: number): ErrorCode {
  if (status === 502 || status === 504) return 'unavailable'
  const known = (Object.keys(HTTP_STATUS) as ErrorCode[]).find((code) => HTTP_STATUS[code] === status)
  return known ?? (status < 500 ? 'bad_message' : 'internal')
}

function retryAfter(response: Response): FaultDetails {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) ? { retry_after_ms: seconds * 1_000 } : {}
}
