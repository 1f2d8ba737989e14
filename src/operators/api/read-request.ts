import type * as z from 'zod'
import { problemOfIssue } from '../../../config/schema-problem.ts'
import type { Context } from '../../web/context.ts'
import { readJson } from '../../web/http/read-json.ts'
import type { ApiCall } from './api-call.ts'
import type { ApiProblem, FieldError } from './api-problem.ts'

export type ReadRequest = {
  readonly query: unknown
  readonly body: unknown
  /** The body as it was sent. */
  readonly sent: unknown
}

/** Reads query and body by the schemas of the call, and returns all their errors at once. */
export async function readRequest(
  ctx: Context,
  { query, body }: Pick<ApiCall, 'query' | 'body'>,
): Promise<ReadRequest | ApiProblem> {
  // A request without a body has no media type, and lacks what the schema requires.
  const sent = body && hasBody(ctx) ? await readJson(ctx) : {}
  const readQuery = query?.safeParse(ctx.query, { reportInput: true })
  const readBody = body?.safeParse(sent, { reportInput: true })
  const errors = [readQuery, readBody].flatMap(
    (read) => read?.error?.issues.flatMap(errorsOf) ?? [],
  )
  return errors.length
    ? { name: 'invalid-values', errors }
    : { query: readQuery?.data, body: readBody?.data, sent }
}

const hasBody = (ctx: Context): boolean =>
  Boolean(ctx.get('Transfer-Encoding')) || Number(ctx.get('Content-Length')) > 0

function errorsOf(issue: z.core.$ZodIssue): readonly FieldError[] {
  if (issue.code !== 'unrecognized_keys') return [problemOfIssue(issue)]
  return issue.keys.map((key) => ({
    field: [...issue.path, key].join('.'),
    code: 'adminApi.unknownName',
  }))
}
