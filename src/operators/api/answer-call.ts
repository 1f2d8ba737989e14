import { randomUUID } from 'node:crypto'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { Audit } from '../../ports/audit.ts'
import type { Clock } from '../../ports/clock.ts'
import {
  type BegunRequest,
  type IdempotentRequests,
  notRepeated,
  type RecordedAnswer,
} from '../../ports/idempotent-requests.ts'
import { localeOf } from '../../web/api/api-answer.ts'
import { beginRequest, idempotencyKey } from '../../web/api/begin-request.ts'
import { canonicalJson } from '../../web/api/canonical-json.ts'
import { executeBegun } from '../../web/api/execute-begun.ts'
import type { Context } from '../../web/context.ts'
import { recordDeeds } from '../access/record-deeds.ts'
import type { ApiCall } from './api-call.ts'
import { type ApiProblem, apiProblemBody, apiProblems } from './api-problem.ts'
import { type ReadRequest, readRequest } from './read-request.ts'

export type AnswerCallPorts = {
  readonly audit: Pick<Audit, 'record'>
  readonly clock: Clock
  readonly idempotentRequests: IdempotentRequests
  readonly policy: Pick<Policy, 'operators' | 'terminals'>
}

/** Answers a call of a client that may use it. A POST with an `Idempotency-Key` is carried out once. */
export async function answerCall(
  ctx: Context,
  call: ApiCall,
  clientId: string,
  ports: AnswerCallPorts,
): Promise<RecordedAnswer | ApiProblem> {
  const key = ctx.method === 'POST' ? idempotencyKey(ctx) : undefined
  if (key === null) return { name: 'request', detail: 'api.request.key' }
  const read = await readRequest(ctx, call)
  if ('name' in read) return read
  const run = (attempt: Attempt) => runCall(ctx, call, { clientId, ...attempt, ...read }, ports)
  if (key === undefined) return run({ by: randomUUID(), once: notRepeated })
  const { operators, terminals } = ports.policy
  const { keep, wait } = operators.idempotency
  const request = {
    // The keys of a terminal with the same id are others.
    caller: `admin ${clientId}`,
    key,
    content: canonicalJson([ctx.path, read.sent]),
    keep,
  }
  const begun = await beginRequest(request, ports.idempotentRequests, wait)
  if (begun === 'under_way')
    return { name: 'conflict', detail: 'adminApi.underWay', retryAfter: terminals.lease }
  if (typeof begun === 'string') return { name: 'key-reused' }
  if ('answered' in begun) return begun.answered
  return executeBegun(begun, async (attempt) => {
    const answer = await run(attempt)
    const recorded = 'name' in answer ? recordedProblem(ctx, answer, ports) : answer
    return { answer, ...(recorded && { recorded }) }
  })
}

type Attempt = Pick<BegunRequest, 'by' | 'once'>

async function runCall(
  ctx: Context,
  call: ApiCall,
  { clientId, by, once, query, body }: ReadRequest & Attempt & { readonly clientId: string },
  { audit }: Pick<AnswerCallPorts, 'audit'>,
): Promise<RecordedAnswer | ApiProblem> {
  const param = (name: string): string => String(ctx['params'][name])
  const outcome = await call.run({ clientId, by, once, query, body, param })
  if ('name' in outcome) return outcome
  await recordDeeds(ctx, outcome.did, clientId, audit)
  return outcome.answer
}

/** The problem that a repetition gets again; undefined for one that a later attempt may not have. */
function recordedProblem(
  ctx: Context,
  problem: ApiProblem,
  { clock }: Pick<AnswerCallPorts, 'clock'>,
): RecordedAnswer | undefined {
  const { status } = apiProblems[problem.name]
  if (status === 429 || status >= 500) return undefined
  return { status, body: apiProblemBody(problem, localeOf(ctx), clock()) }
}
