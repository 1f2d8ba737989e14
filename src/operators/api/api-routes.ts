import Router from '@koa/router'
import type { Callers } from '../../ports/sso/callers.ts'
import { apiPath, localeOf, sendJson, sendProblem } from '../../web/api/api-answer.ts'
import type { Context, WebState } from '../../web/context.ts'
import { type AccountCallsPorts, accountCalls } from './account-calls.ts'
import { type AnswerCallPorts, answerCall } from './answer-call.ts'
import { adminApiPath, apiAccess } from './api-access.ts'
import type { ApiCall } from './api-call.ts'
import { apiProblemBody } from './api-problem.ts'
import { type AuditCallPorts, auditCall } from './audit-call.ts'
import { type BankCallsPorts, bankCalls } from './bank-calls.ts'
import { type ClientCallsPorts, clientCalls } from './client-calls.ts'
import { clientWithScope } from './client-with-scope.ts'
import { type KeyCallsPorts, keyCalls } from './key-calls.ts'
import { type NoticeCallsPorts, noticeCalls } from './notice-calls.ts'
import { openApi } from './openapi.ts'
import { type StatsCallPorts, statsCall } from './stats-call.ts'

export type ApiPorts = AnswerCallPorts &
  AccountCallsPorts &
  AuditCallPorts &
  BankCallsPorts &
  ClientCallsPorts &
  KeyCallsPorts &
  NoticeCallsPorts &
  StatsCallPorts & {
    readonly callers: Callers
    /** The audience of its access tokens. */
    readonly adminOrigin: string
    readonly issuer: string
  }

/** The operators' API (specification of the operators' side, section 11), and its OpenAPI document. */
export function apiRoutes(ports: ApiPorts) {
  const { adminOrigin: origin, callers, clock } = ports
  // Production has https, and there a stolen token alone must not be enough.
  const called = { callers, origin, audience: origin, onlyBound: origin.startsWith('https:') }
  const calls: readonly ApiCall[] = [
    ...accountCalls(ports),
    ...clientCalls(ports),
    ...bankCalls(ports),
    ...noticeCalls(ports),
    auditCall(ports),
    statsCall(ports),
    ...keyCalls(ports),
  ]
  const router = new Router<WebState>({ strict: true })

  let document: string | undefined
  router.get(`${apiPath}admin/openapi.json`, (ctx) => {
    document ??= JSON.stringify(openApi(calls, ports))
    ctx.type = 'json'
    ctx.body = document
    ctx.set('Cache-Control', 'public, max-age=3600')
  })

  const answered = (call: ApiCall) => async (ctx: Context) => {
    const caller = await clientWithScope(ctx, apiAccess[call.route], called)
    const answer = 'name' in caller ? caller : await answerCall(ctx, call, caller.clientId, ports)
    if ('name' in answer) sendProblem(ctx, answer, apiProblemBody(answer, localeOf(ctx), clock()))
    else sendJson(ctx, answer)
  }

  for (const call of calls) {
    const [method = '', path = ''] = call.route.split(' ')
    if (!apiAccess[call.route]) throw new Error(`${call.route} has no row in apiAccess`)
    router.register(adminApiPath + path, [method], answered(call))
  }
  return router.routes()
}
