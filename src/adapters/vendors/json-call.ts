import { setTimeout as sleep } from 'node:timers/promises'
import type * as z from 'zod'
import { bodyEndingWith } from '../../ports/services/body-deadline.ts'

export type ExternalService = {
  /** An address without a trailing slash. */
  readonly baseUrl: string
  /** Seconds for a whole call, including its repetition. */
  readonly timeout: number
  /**
   * Receives one word that names the problem, for the log: `timeout`, `ECONNREFUSED`, `status-500`, `unreadable` or a
   * vendor's code. It never contains anything of the request.
   */
  readonly report?: ((problem: string) => void) | undefined
}

type JsonRequest = {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** Without a body the request is a GET. */
  readonly body?: string
}

/** Milliseconds before the repetition, in which a service that restarts can begin to listen again. */
const pause = 200

/** With these errors there was no connection, so the request was not carried out. After a reset or a time-out it may have been. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])

/**
 * Sends one request and returns its JSON answer, checked against `shape`. Any other answer, and none in time, is reported
 * and returns undefined; it never rejects. The request is repeated once, and only if the first was certainly not carried
 * out.
 */
export async function callExternalService<Shape extends z.ZodType>(
  { baseUrl, timeout, report }: ExternalService,
  { path, headers, body }: JsonRequest,
  shape: Shape,
  isAnswer: (status: number) => boolean = (status) => status === 200,
): Promise<z.output<Shape> | undefined> {
  const signal = AbortSignal.timeout(timeout * 1000)
  const attempt = async () => {
    // A redirect would carry personal data to an address that nobody configured.
    const request = body === undefined ? { method: 'GET' } : { method: 'POST', body }
    const init = { ...request, headers, signal, redirect: 'error' } as const
    const response = bodyEndingWith(signal, await fetch(baseUrl + path, init))
    return { status: response.status, json: readJson(response, await response.text()) }
  }
  try {
    const { status, json } = await attempt().catch(async (error: unknown) => {
      if (!neverSent.has(callProblemOf(error))) throw error
      await sleep(pause, undefined, { signal })
      return attempt()
    })
    const read = shape.safeParse(json)
    if (isAnswer(status) && read.success) return read.data
    report?.(isAnswer(status) ? 'unreadable' : `status-${status}`)
  } catch (error) {
    report?.(callProblemOf(error))
  }
  return undefined
}

/** Translates a service's code by the table. A code that the table does not have is reported and means `unavailable`. */
export function outcomeOf<Outcome extends string>(
  code: string | undefined,
  table: Readonly<Record<string, Outcome>>,
  { report }: Pick<ExternalService, 'report'>,
): Outcome | 'unavailable' {
  if (code === undefined) return 'unavailable'
  const outcome = Object.hasOwn(table, code) ? table[code] : undefined
  // Only a value that looks like a code is logged: a vendor's free text may repeat personal data of the request.
  if (!outcome) report?.(/^[A-Za-z][\w.-]{0,79}$|^-?\d{1,4}$/.test(code) ? code : 'unreadable')
  return outcome ?? 'unavailable'
}

function readJson(response: Response, text: string): unknown {
  if (!/^application\/json\b/i.test(response.headers.get('content-type') ?? '')) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The system's error code is in the `cause` of fetch's error. Its errors may come from another realm, so `instanceof` fails. */
function callProblemOf(error: unknown): string {
  const { name, cause } = Object(error) as { name?: unknown; cause?: { code?: unknown } | null }
  if (name === 'TimeoutError' || name === 'AbortError') return 'timeout'
  return typeof cause?.code === 'string' ? cause.code : 'connection'
}
