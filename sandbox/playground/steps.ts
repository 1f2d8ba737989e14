import { decodeJwt, decodeProtectedHeader } from 'jose'
import type { CustomFetch } from 'openid-client'

/** One request with its answer, for display. */
export type Step = {
  /** The key in `words.steps`. */
  readonly what: string
  readonly method: string
  /** The address without its query. */
  readonly address: string
  /** The parameters of query and body, and the relevant headers. */
  readonly sent: Readonly<Record<string, string>>
  readonly status?: number
  readonly answer?: string
  /** The decoded JWTs of the answer, by name. */
  readonly tokens: readonly Token[]
}
type Token = { readonly name: string; readonly header: string; readonly payload: string }

const hidden = '••••••'
const pretty = (value: unknown) => JSON.stringify(value, undefined, 2)

/** Decodes the JWTs among the values of an object. */
export const tokensIn = (answer: object): Token[] =>
  Object.entries(answer).flatMap(([name, value]) => {
    try {
      const [header, payload] = [decodeProtectedHeader(value), decodeJwt(value)]
      return { name, header: pretty(header), payload: pretty(payload) }
    } catch {
      return []
    }
  })

/** The step for a navigation of the browser. */
export const sentByBrowser = (what: string, url: URL, answer?: object): Step => ({
  what,
  method: 'GET',
  address: url.origin + url.pathname,
  sent: Object.fromEntries(url.searchParams),
  ...(answer && { answer: pretty(answer) }),
  tokens: tokensIn(Object.fromEntries(url.searchParams)),
})

/**
 * A `fetch` that records its requests. It records the method of client authentication but not the secret.
 * @param nameOf returns the key in `words.steps` for an address
 */
export function recording(
  record: (step: Step) => void,
  nameOf: (address: string) => string,
): CustomFetch {
  return async (url, options) => {
    const { origin, pathname, searchParams } = new URL(url)
    const body = options.body instanceof URLSearchParams ? options.body : new URLSearchParams()
    const authorization = new Headers(options.headers).get('authorization')
    const [scheme = '', token = ''] = authorization?.split(' ') ?? []
    const sent = {
      ...(authorization && {
        Authorization: scheme === 'Bearer' ? `Bearer ${token}` : `${scheme} ${hidden}`,
      }),
      ...Object.fromEntries([...searchParams, ...body]),
      ...(body.has('client_secret') && { client_secret: hidden }),
    }
    const step = {
      what: nameOf(origin + pathname),
      method: options.method ?? 'GET',
      address: origin + pathname,
      sent,
    }
    const response = await fetch(url, options as RequestInit).catch((error: unknown) => {
      record({ ...step, answer: '—', tokens: [] })
      throw error
    })
    const text = await response.clone().text()
    const answer = parsed(text)
    record({
      ...step,
      status: response.status,
      answer: answer ? pretty(answer) : text,
      tokens: tokensIn(answer ?? { token: text }),
    })
    return response
  }
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
