import { STATUS_CODES } from 'node:http'
import * as z from 'zod'
import { adminScopes } from '../../../config/claims/own-scopes.ts'
import { idempotencyKeyPattern } from '../../web/api/begin-request.ts'
import { adminApiPath, apiAccess } from './api-access.ts'
import type { ApiAnswer, ApiCall } from './api-call.ts'
import { type ApiProblemName, apiProblems } from './api-problem.ts'

type Addresses = { readonly adminOrigin: string; readonly issuer: string }
type JsonSchema = Readonly<Record<string, unknown>>

/** The OpenAPI 3.1 document of the operators' API, made from the schemas that validate its requests. */
export const openApi = (calls: readonly ApiCall[], { adminOrigin, issuer }: Addresses) => ({
  openapi: '3.1.0',
  info: {
    title: '统一用户平台 运维接口 · Operators’ API of the unified user platform',
    version: '1.0.0',
    description:
      'Access tokens: client credentials with `resource` naming the server, by `private_key_jwt` or a certificate; in production bound by DPoP or a certificate.',
  },
  servers: [{ url: adminOrigin + adminApiPath }],
  paths: pathsOf(calls),
  components: {
    securitySchemes: {
      clientCredentials: {
        type: 'oauth2',
        flows: {
          clientCredentials: {
            tokenUrl: `${issuer}/token`,
            scopes: Object.fromEntries(adminScopes.map((scope) => [scope, callsOf(scope)])),
          },
        },
      },
    },
    schemas: { Problem: jsonSchema(problem, 'output') },
  },
})

const callsOf = (scope: string): string =>
  Object.entries(apiAccess)
    .filter(([, needed]) => needed === scope)
    .map(([route]) => route)
    .join(', ')

function pathsOf(calls: readonly ApiCall[]) {
  const paths: Record<string, Record<string, object>> = {}
  for (const call of calls) {
    const [method = '', path = ''] = call.route.split(' ')
    const name = path.replace(/:(\w+)/g, '{$1}')
    paths[name] = { ...paths[name], [method.toLowerCase()]: operationOf(call, path, method) }
  }
  return paths
}

function operationOf(call: ApiCall, path: string, method: string) {
  const { body, query, route, summary } = call
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true },
    schema: { type: 'string', minLength: 1 },
  }))
  return {
    operationId: route.replaceAll(/[ /:]+/g, '-').toLowerCase(),
    summary,
    security: [{ clientCredentials: [apiAccess[route]] }],
    parameters: [
      ...inPath,
      ...(query ? queryParameters(query) : []),
      ...(method === 'POST' ? [idempotencyKey] : []),
    ],
    ...(body && {
      requestBody: {
        required: !body.safeParse({}).success,
        content: { 'application/json': { schema: jsonSchema(body, 'input') } },
      },
    }),
    responses: { ...(call.answer && answerOf(call.answer)), ...problemsOf(call) },
  }
}

const idempotencyKey = {
  ...{ name: 'Idempotency-Key', in: 'header' },
  description: 'Repetitions with the same key and body get the same answer for 24 hours.',
  schema: { type: 'string', pattern: idempotencyKeyPattern },
}

function queryParameters(query: z.ZodType) {
  const { properties = {}, required = [] } = jsonSchema(query, 'input') as {
    properties?: Readonly<Record<string, JsonSchema>>
    required?: readonly string[]
  }
  return Object.entries(properties).map(([name, schema]) => ({
    ...{ name, in: 'query', required: required.includes(name), schema },
  }))
}

const answerOf = ({ status, description, schema }: ApiAnswer) => ({
  [status]: {
    description,
    ...(schema && { content: { 'application/json': { schema: jsonSchema(schema, 'output') } } }),
  },
})

/** The problems that every call may have; those of bodies only where there is one. */
function problemsOf({ body, problems, query, route }: ApiCall) {
  const names: readonly ApiProblemName[] = [
    ...(['invalid-token', 'insufficient-scope', 'request', 'fault', 'outage'] as const),
    ...(body ? (['too-large', 'media-type', 'invalid-values'] as const) : []),
    ...(query ? (['invalid-values'] as const) : []),
    ...(route.startsWith('POST ') ? (['key-reused', 'conflict'] as const) : []),
    ...problems,
  ]
  const statuses = new Map<number, ApiProblemName[]>()
  for (const name of new Set(names)) {
    const { status } = apiProblems[name]
    statuses.set(status, [...(statuses.get(status) ?? []), name])
  }
  return Object.fromEntries(
    [...statuses].map(([status, alike]) => [status, problemAnswer(status, alike)]),
  )
}

const problemAnswer = (status: number, names: readonly string[]) => ({
  description: `${STATUS_CODES[status]}: ${names.map((name) => `\`urn:uup:problem:${name}\``).join(', ')}`,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
})

const problem = z.strictObject({
  type: z.enum(Object.keys(apiProblems).map((name) => `urn:uup:problem:${name}`)),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string().optional(),
  errors: z.array(z.strictObject({ field: z.string(), message: z.string() })).optional(),
})

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' })
  return rest
}
