import { setTimeout as sleep } from 'node:timers/promises'
import type * as z from 'zod'

export type ExternalService = {
  /** An address without a slash at its end. */
  readonly baseUrl: string
  /** Seconds for a whole call, its repetition included. */
  readonly timeout: number
  /**
   * Told in one word what went wrong, for the log: `timeout`, `ECONNREFUSED`, `status-500`, `unreadable`, a vendor's
   * code. Never a word of the request.
   */
  readonly report?: ((problem: string) => void) | undefined
}

type OutsideRequest = {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** Absent: a GET. */
  readonly body?: string
}

/** Milliseconds: time enough for a service that restarts to listen again. */
const pause = 200

/** The connection never stood, so nobody carried the request out. A reset or a time-out leaves that open. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])

/**
 * One request and its JSON answer in the shape it must have. Undefined, and reported, when anything else came or nothing
 * in time; never rejects. It is sent again once at most, and only when the first was certainly not carried out.
 */
export async function callExternalService<Shape extends z.ZodType>(
  { baseUrl, timeout, report }: ExternalService,
  { path, headers, body }: OutsideRequest,
  shape: Shape,
  isAnswer: (status: number) => boolean = (status) => status === 200,
): Promise<z.output<Shape> | undefined> {
  const signal = AbortSignal.timeout(timeout * 1000)
  const attempt = async () => {
    // A redirect would carry personal data to an address that nobody configured.
    const question = body === undefined ? { method: 'GET' } : { method: 'POST', body }
    const init = { ...question, headers, signal, redirect: 'error' } as const
    const response = await fetch(baseUrl + path, init)
    return { status: response.status, json: readJson(response, await response.text()) }
  }
  try {
    const { status, json } = await attempt().catch(async (error: unknown) => {
      if (!neverSent.has(problemOf(error))) throw error
      await sleep(pause, undefined, { signal })
      return attempt()
    })
    const read = shape.safeParse(json)
    if (isAnswer(status) && read.success) return read.data
    report?.(isAnswer(status) ? 'unreadable' : `status-${status}`)
  } catch (error) {
    report?.(problemOf(error))
  }
  return undefined
}

/** What a service's code means to us; `unavailable`, and reported, when the table doesn't have it. */
export function outcomeOf<Outcome extends string>(
  code: string | undefined,
  table: Readonly<Record<string, Outcome>>,
  { report }: Pick<ExternalService, 'report'>,
): Outcome | 'unavailable' {
  if (code === undefined) return 'unavailable'
  const outcome = Object.hasOwn(table, code) ? table[code] : undefined
  // Only what looks like a code: a vendor's free text may repeat what was asked.
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

/** `fetch` hides the system's error code in the cause. Its errors may come from another realm: no `instanceof`. */
function problemOf(error: unknown): string {
  const { name, cause } = Object(error) as { name?: unknown; cause?: { code?: unknown } | null }
  if (name === 'TimeoutError' || name === 'AbortError') return 'timeout'
  return typeof cause?.code === 'string' ? cause.code : 'connection'
}
