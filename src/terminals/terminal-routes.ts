import Router from '@koa/router'
import { terminalScope } from '../../config/claims/own-scopes.ts'
import { dayInChina } from '../people/fields/birthdate.ts'
import type { IdempotentRequests, RecordedAnswer } from '../ports/idempotent-requests.ts'
import type { Callers } from '../ports/sso/callers.ts'
import { askForScope, presentedCaller } from '../web/api/access-token.ts'
import { apiPath, localeOf, sendJson, sendProblem } from '../web/api/api-answer.ts'
import { beginRequest, idempotencyKey } from '../web/api/begin-request.ts'
import { canonicalJson } from '../web/api/canonical-json.ts'
import type { Context, WebState } from '../web/context.ts'
import { readJson } from '../web/http/read-json.ts'
import { type ExecutePhoneChangePorts, executePhoneChange } from './execute-phone-change.ts'
import { openApi } from './openapi.ts'
import {
  type PhoneChangeBody,
  type PhoneChangeBodyPorts,
  readPhoneChangeBody,
} from './phone-change-body.ts'
import { type Problem, problemBody } from './problem.ts'
import { problemOfBegin } from './problem-of-begin.ts'
import { checkStatement } from './statement.ts'

export type TerminalPorts = PhoneChangeBodyPorts &
  ExecutePhoneChangePorts & {
    readonly callers: Callers
    readonly idempotentRequests: IdempotentRequests
    readonly issuer: string
  }

/** The HTTP interface of the terminals (specification, section 8), and its OpenAPI description. */
export function terminalRoutes(ports: TerminalPorts) {
  const router = new Router<WebState>()
  let description: string | undefined
  router.get(`${apiPath}openapi.json`, (ctx) => {
    description ??= JSON.stringify(openApi(ports.issuer, ports))
    ctx.type = 'json'
    ctx.body = description
    ctx.set('Cache-Control', 'public, max-age=3600')
  })
  router.post(`${apiPath}terminal/v1/phone-changes`, async (ctx) => {
    const answer = await answerPhoneChange(ctx, ports)
    if ('name' in answer)
      sendProblem(ctx, answer, problemBody(answer, localeOf(ctx), ports.clock()))
    else sendJson(ctx, answer)
  })
  return router
}

/**
 * Checks in this order: access token, scope, key, form of the body, statement, check characters and dates, and whether
 * the request is a repetition.
 */
async function answerPhoneChange(
  ctx: Context,
  ports: TerminalPorts,
): Promise<RecordedAnswer | Problem> {
  const { callers, clock, issuer, policy } = ports
  const caller = await presentedCaller(ctx, { callers, origin: issuer })
  if (!caller) return { name: 'invalid-token' }
  if (!caller.scopes.has(terminalScope)) {
    askForScope(ctx, issuer, terminalScope)
    return { name: 'insufficient-scope' }
  }
  const key = idempotencyKey(ctx)
  if (!key) return { name: 'request', detail: 'api.request.key' }
  const body = await readJson(ctx)
  const now = clock()
  const read = readPhoneChangeBody(body, dayInChina(now), ports)
  if ('errors' in read && !read.fitsSchema) return { name: 'invalid-values', errors: read.errors }
  const { statement: jws, ...content } = body as PhoneChangeBody
  const canonical = canonicalJson(content)
  const { statement } = policy.terminals
  const checked = await checkStatement(jws, canonical, caller, issuer, now, statement)
  if ('refused' in checked) return { name: 'invalid-statement', detail: checked.refused }
  if ('errors' in read) return { name: 'invalid-values', errors: read.errors }
  const { jti, fresh } = checked
  const request = { caller: caller.clientId, key, content: canonical, jti, fresh }
  const begun = await beginRequest(request, ports.idempotentRequests, policy.terminals.wait)
  if (typeof begun === 'string') return problemOfBegin(begun, ports)
  return 'answered' in begun
    ? begun.answered
    : executePhoneChange(ctx, read.phoneChange, caller, begun, ports)
}
