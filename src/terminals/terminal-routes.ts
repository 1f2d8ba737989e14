import { setTimeout as wait } from 'node:timers/promises'
import Router from '@koa/router'
import { terminalScope } from '../../config/oidc.ts'
import type { Policy } from '../../config/policy.ts'
import { dayInChina } from '../people/fields/birthdate.ts'
import type { Clock } from '../ports/clock.ts'
import type {
  BeginOutcome,
  IdempotentRequest,
  IdempotentRequests,
  RecordedAnswer,
} from '../ports/idempotent-requests.ts'
import type { Caller, Callers } from '../ports/sso/callers.ts'
import { limitRefusal } from '../proofs/attempt-limits.ts'
import type { Context, WebState } from '../web/context.ts'
import { readJson } from '../web/http/read-json.ts'
import { networkOf } from '../web/http/visitor-of.ts'
import { canonicalJson } from './canonical-json.ts'
import { type ChangePorts, changePhone } from './change.ts'
import { openApi } from './openapi.ts'
import {
  type PhoneChangeBody,
  type PhoneChangeBodyPorts,
  readPhoneChangeBody,
} from './phone-change-body.ts'
import { type Problem, problemBody, problemOfRefusal, problems } from './problem.ts'
import { checkStatement } from './statement.ts'
import { apiPath, localeOf, sendJson, sendProblem } from './terminal-response.ts'

export type TerminalPorts = PhoneChangeBodyPorts &
  ChangePorts & {
    readonly idempotentRequests: IdempotentRequests
    readonly callers: Callers
    readonly clock: Clock
    readonly issuer: string
    readonly policy: Pick<Policy, 'terminals'>
  }

/** The HTTP interface of the terminals (specification, section 8), and its OpenAPI description. */
export function terminalRoutes(ports: TerminalPorts) {
  const router = new Router<WebState>()
  const description = JSON.stringify(openApi(ports.issuer))
  router.get(`${apiPath}openapi.json`, (ctx) => {
    ctx.type = 'json'
    ctx.body = description
    ctx.set('Cache-Control', 'public, max-age=3600')
  })
  router.post(`${apiPath}terminal/v1/phone-changes`, async (ctx) => {
    const answer = await answerPhoneChange(ctx, ports)
    if ('name' in answer) sendProblem(ctx, answer, ports.clock())
    else sendJson(ctx, answer)
  })
  return router
}

/** Checks in this order: access token, scope, key, body, statement, and whether the request is a repetition. */
async function answerPhoneChange(
  ctx: Context,
  ports: TerminalPorts,
): Promise<RecordedAnswer | Problem> {
  const { callers, clock, issuer, policy } = ports
  const [, token] = /^Bearer +([\w.~+/-]+=*)$/i.exec(ctx.get('Authorization')) ?? []
  const caller = token && (await callers.byToken(token))
  if (!caller) {
    ctx.set('WWW-Authenticate', `Bearer realm="${issuer}"${token ? ', error="invalid_token"' : ''}`)
    return { name: 'invalid-token' }
  }
  ctx.state.log = ctx.state.log.child({ client: caller.clientId })
  if (!caller.scopes.has(terminalScope)) {
    const challenge = `Bearer realm="${issuer}", error="insufficient_scope"`
    ctx.set('WWW-Authenticate', `${challenge}, scope="${terminalScope}"`)
    return { name: 'insufficient-scope' }
  }
  const key = ctx.get('Idempotency-Key')
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) return { name: 'request', detail: 'terminal.request.key' }
  const body = await readJson(ctx)
  const now = clock()
  const read = readPhoneChangeBody(body, dayInChina(now), ports)
  if ('errors' in read) return { name: 'invalid-values', errors: read.errors }
  const { phoneChange } = read
  const { statement: _, ...content } = body as PhoneChangeBody
  const canonical = canonicalJson(content)
  const { statement } = policy.terminals
  const checked = await checkStatement(
    phoneChange.statement,
    canonical,
    caller,
    issuer,
    now,
    statement,
  )
  if ('refused' in checked) return { name: 'invalid-statement', detail: checked.refused }
  const { jti, fresh } = checked
  const request = { caller: caller.clientId, key, content: canonical, jti, fresh }
  const begun = await begin(request, ports)
  if (typeof begun === 'string') return problemOfBegin(begun, ports)
  return 'answered' in begun ? begun.answered : executeOnce(ctx, phoneChange, caller, begun, ports)
}

/** Begins the request, or waits for the answer of a concurrent request with the same key. */
async function begin(
  request: IdempotentRequest,
  { idempotentRequests, policy }: TerminalPorts,
): Promise<BeginOutcome> {
  const end = performance.now() + policy.terminals.wait * 1000
  for (;;) {
    const begun = await idempotentRequests.begin(request)
    if (begun !== 'under_way' || performance.now() > end) return begun
    await wait(100)
  }
}

function problemOfBegin(why: Extract<BeginOutcome, string>, { policy }: TerminalPorts): Problem {
  switch (why) {
    case 'under_way':
      return {
        name: 'outage',
        detail: 'terminal.outage.detail',
        retryAfter: policy.terminals.lease,
      }
    case 'other_content':
      return { name: 'key-reused' }
    case 'used_jti':
      return { name: 'invalid-statement', detail: 'terminal.statement.replayed' }
    case 'late_jti': {
      const params = { seconds: policy.terminals.statement.age }
      return { name: 'invalid-statement', detail: 'terminal.statement.late', params }
    }
  }
}

/** Records the answer for repetitions of the request, unless a later attempt may have another result. */
async function executeOnce(
  ctx: Context,
  phoneChange: PhoneChangeBody,
  { clientId }: Caller,
  request: Exclude<BeginOutcome, string | { answered: RecordedAnswer }>,
  ports: TerminalPorts,
): Promise<RecordedAnswer | Problem> {
  const { audit, clock, limits, policy } = ports
  const locale = localeOf(ctx)
  // An authenticated client needs no captcha. The limits of cards, people and addresses are those of the pages.
  const visitor = { address: networkOf(ctx.ip), browser: clientId, locale, freshCaptcha: true }
  let isRecorded = false
  try {
    const { perClient } = policy.terminals
    const taken = await limits.take([{ name: 'terminal.client', subject: clientId, ...perClient }])
    const outcome = taken.ok
      ? await changePhone(phoneChange, { clientId, by: request.by }, visitor, clock(), ports)
      : problemOfRefusal(limitRefusal(taken))
    if (!('name' in outcome)) {
      const answer = { status: 200, body: outcome }
      await request.finish(answer)
      isRecorded = true
      return answer
    }
    const { address } = visitor
    await audit.record({ what: 'terminal-refused', clientId, address, detail: outcome.name })
    if (retryable.has(outcome.name)) return outcome
    await request.finish({
      status: problems[outcome.name].status,
      body: problemBody(outcome, locale, clock()),
    })
    isRecorded = true
    return outcome
  } finally {
    if (!isRecorded) await request.giveUp()
  }
}

/** Problems after which a repetition may succeed, so their answers are not recorded. */
const retryable: ReadonlySet<string> = new Set(['over-limit', 'outage'])
