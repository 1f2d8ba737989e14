import { type MessageCode, say } from '../../../config/messages.ts'
import type { Locale } from '../../../config/sentences.ts'
import type { Message } from '../../people/refusal.ts'
import { messageParamsOf } from '../page/message-params.ts'

/** The types of problems of an interface; the name is the last part of the type's URN. */
export type ProblemTypes = Readonly<
  Record<string, { readonly status: number; readonly title: MessageCode }>
>

/** The types of problems that every interface for programs has. */
export const commonProblems = {
  request: { status: 400, title: 'api.request.title' },
  'invalid-token': { status: 401, title: 'api.token.title' },
  unknown: { status: 404, title: 'api.unknown.title' },
  method: { status: 405, title: 'api.method.title' },
  'too-large': { status: 413, title: 'api.request.title' },
  'media-type': { status: 415, title: 'api.request.title' },
  'invalid-values': { status: 422, title: 'api.values.title' },
  'over-limit': { status: 429, title: 'api.limit.title' },
  fault: { status: 500, title: 'api.fault.title' },
  outage: { status: 503, title: 'api.outage.title' },
} as const satisfies ProblemTypes

/** A problem before it is written in a language. `until` is in ms since 1970, `retryAfter` in seconds. */
export type ProblemOf<Name extends string> = Omit<Message, 'code'> & {
  readonly name: Name
  readonly detail?: MessageCode
}

export type CommonProblem = ProblemOf<keyof typeof commonProblems>

/** The standard members of a problem (RFC 9457, 3.1). */
export function problemMembers<Name extends string>(
  { name, detail, ...said }: ProblemOf<Name>,
  types: Readonly<Record<Name, ProblemTypes[string]>>,
  locale: Locale,
  now: number,
) {
  const { status, title } = types[name]
  const params = messageParamsOf({ code: title, ...said }, locale, now)
  return {
    type: `urn:uup:problem:${name}`,
    title: say(locale, title),
    status,
    ...(detail && { detail: say(locale, detail, params) }),
  }
}

/** The problem of a request that failed with a status. */
export const problemOfStatus = (status: number): CommonProblem =>
  byStatus.get(status) ?? { name: status < 500 ? 'request' : 'fault' }

const byStatus = new Map<number, CommonProblem>([
  [400, { name: 'request', detail: 'api.request.json' }],
  [404, { name: 'unknown' }],
  [405, { name: 'method' }],
  [413, { name: 'too-large', detail: 'api.request.size' }],
  [415, { name: 'media-type', detail: 'api.request.type' }],
  [503, { name: 'outage', detail: 'api.outage.detail', retryAfter: 5 }],
])
