import { randomUUID } from 'node:crypto'
import * as oidc from 'openid-client'
import { adminScopes } from '../../config/claims/own-scopes.ts'
import type { ClientMetadata } from '../../config/client-metadata.ts'
import { cachedClients } from '../../src/adapters/redis/cached-clients.ts'
import { keyedClient } from '../sso/keyed-client.ts'
import { clientsIn } from './clients-in.ts'
import { type Description, openapiOperation } from './openapi-operation.ts'
import type { TestPlatform } from './platform.ts'

export type ApiAnswer = {
  readonly status: number
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>>
}

type Call = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<ApiAnswer>

/** The problem types of answers, without the prefix. */
export const problemOf = ({ status, body }: ApiAnswer) =>
  `${status} ${String(body['type']).replace('urn:uup:problem:', '')}`

/** The fields of the errors in an answer. */
export const fieldsOf = ({ body }: ApiAnswer): readonly string[] =>
  ((body['errors'] ?? []) as { field: string }[]).map(({ field }) => field).toSorted()

/**
 * The operators' API of a platform, asked in English. An answer that differs from the OpenAPI document, or is in another
 * language, throws. `newClient` adds a client, as `npm run client` does, whose calls have a token of its own that is bound by
 * DPoP.
 */
export async function adminApi(
  platform: Pick<TestPlatform, 'issuer' | 'adminUrl' | 'stores' | 'encryption'>,
) {
  const { issuer, adminUrl, stores, encryption } = platform
  const response = await fetch(`${adminUrl}/api/admin/openapi.json`)
  const document = (await response.json()) as Description & { readonly servers: unknown }
  const inMongo = { connection: stores.mongodb, encryption: encryption.inMongo }
  const clients = cachedClients(clientsIn(inMongo), { ...stores, clock: Date.now })
  const base = `${adminUrl}/api/admin/v1`

  async function answerOf(method: string, path: string, response: Response): Promise<ApiAnswer> {
    const text = await response.text()
    const body = text ? JSON.parse(text) : undefined
    if (body?.errors || body?.detail) expectLanguage(response, text)
    const { status, headers } = response
    const operation = operationAt(document, method, path.split('?')[0] ?? '')
    const differences = operation?.differences({ status, headers, body }) ?? []
    if (differences.length) throw new Error(`${method} ${path}: ${differences.join('; ')}`)
    return { status, headers, body: body ?? {} }
  }

  /** A call with these headers only. */
  const callWith: Call = async (method, path, body, headers = {}) =>
    answerOf(
      method,
      path,
      await fetch(base + path, {
        method,
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    )

  async function newClient(
    scopes: readonly string[] = adminScopes,
    more: Partial<ClientMetadata> & { readonly id?: string } = {},
  ) {
    const { id = `machine-${randomUUID().slice(0, 8)}`, ...metadata } = more
    const keyed = await keyedClient(id, 'ES256', {
      ...{ redirect_uris: [], response_types: [], first_party: false },
      ...{ grant_types: ['client_credentials'], scope: scopes.join(' '), resources: [adminUrl] },
      ...metadata,
    })
    await clients.add(keyed.metadata as unknown as ClientMetadata, 'command')
    const config = await keyed.config(issuer)
    const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'))
    const token = async (params: Readonly<Record<string, string>> = {}, bound = true) => {
      const asked = { resource: adminUrl, scope: scopes.join(' '), ...params }
      const got = await oidc.clientCredentialsGrant(config, asked, bound ? { DPoP } : {})
      return got.access_token
    }
    let own: string | undefined
    const call: Call = async (method, path, body, headers = {}) => {
      own ??= await token()
      const sent = body === undefined ? undefined : JSON.stringify(body)
      const all = new Headers({
        ...(sent && { 'content-type': 'application/json' }),
        ...{ 'accept-language': 'en', ...headers },
      })
      const url = new URL(base + path)
      const options = { DPoP }
      const response = await oidc
        .fetchProtectedResource(config, own, url, method, sent, all, options)
        .catch((error) => {
          if (error instanceof oidc.WWWAuthenticateChallengeError) return error.response
          throw error
        })
      return answerOf(method, path, response)
    }
    return { id, config, call, token }
  }

  return { document, clients, callWith, newClient }
}

/** A problem is in the language of the request. */
function expectLanguage({ headers }: Response, text: string): void {
  if (headers.get('content-language') === 'en' && /\p{Script=Han}/u.test(text))
    throw new Error(`not in English: ${text}`)
}

/** The operation of a path with values, such as `/accounts/1/freeze`. */
function operationAt(document: Description, method: string, path: string) {
  const name = Object.keys(document.paths).find(
    (known) =>
      new RegExp(`^${known.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path) &&
      document.paths[known]?.[method.toLowerCase()],
  )
  return name === undefined ? undefined : openapiOperation(document, name, method.toLowerCase())
}
