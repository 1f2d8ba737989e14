import { once } from 'node:events'
import { createServer } from 'node:http'
import { exportJWK, generateKeyPair } from 'jose'
import Provider, { type Adapter, type AdapterPayload, interactionPolicy } from 'oidc-provider'
import { ownPort } from './own-port.ts'

/** The claims of an invented person. */
export const candidate = {
  sub: 'candidate-1',
  name: '张三',
  gender: 'male',
  id_type: 'resident_id',
  id_number: '11010519491231002X',
  phone_number: '+8613800000000',
  phone_number_verified: true,
}
export const clientId = 'exam'
export const clientSecret = 'a-secret-of-the-tests-and-of-nothing-else'

type Json = Record<string, unknown>

/** Incorrect answers that a test sets, by endpoint. */
export type Misbehaviour = {
  token?: (answer: Json) => Promise<Json> | Json
  userinfo?: (answer: Json) => Json
  /** Replaces every answer of the token endpoint with this status and no JSON. */
  tokenStatus?: number
}

/**
 * A real OpenID Provider without pages. It signs every user in as `candidate` at once, or reports that the user
 * refused. It listens on a free port; `stop` and `start` simulate an outage.
 */
export async function smallProvider(redirectUris: readonly string[], afterLogout: string) {
  const server = createServer()
  const start = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  const port = await ownPort()
  await start(port)
  const issuer = `http://localhost:${port}`
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = { ...(await exportJWK(privateKey)), kid: 'k1', alg: 'ES256', use: 'sig' }
  const misbehaviour: Misbehaviour = {}
  const present = { refuses: false }

  const policy = interactionPolicy.base()
  policy.add(new interactionPolicy.Prompt({ name: 'create', requestable: true }), 0)
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [...redirectUris],
        post_logout_redirect_uris: [afterLogout],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    adapter: mapAdapter(),
    jwks: { keys: [jwk] },
    cookies: { keys: ['one-key-of-the-tests'] },
    claims: {
      profile: ['name', 'gender'],
      phone: ['phone_number', 'phone_number_verified'],
      identity: ['id_type', 'id_number', 'name'],
    },
    features: { devInteractions: { enabled: false } },
    interactions: { policy, url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ ...candidate, sub: id }) }),
    renderError: (ctx, out) => {
      ctx.body = out
    },
  })

  provider.use(async (ctx, next) => {
    if (ctx.path.startsWith('/interaction/')) return interact(provider, ctx, present.refuses)
    await next()
    if (ctx.path === '/token' && misbehaviour.tokenStatus) {
      ctx.status = misbehaviour.tokenStatus
      ctx.body = 'broken'
    } else if (ctx.path === '/token' && misbehaviour.token) {
      ctx.body = await misbehaviour.token(ctx.body as Json)
    } else if (ctx.path === '/me' && misbehaviour.userinfo) {
      ctx.body = misbehaviour.userinfo(ctx.body as Json)
    }
  })
  server.on('request', provider.callback())

  return {
    issuer,
    privateKey,
    misbehaviour,
    present,
    start: () => start(port),
    async stop() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function interact(
  provider: Provider,
  { req, res }: Parameters<Parameters<Provider['use']>[0]>[0],
  refuses: boolean,
): Promise<void> {
  if (refuses) {
    const result = { error: 'access_denied', error_description: 'the person refused' }
    return provider.interactionFinished(req, res, result)
  }
  const { params } = await provider.interactionDetails(req, res)
  const grant = new provider.Grant({ accountId: candidate.sub, clientId })
  grant.addOIDCScope(String(params['scope']))
  await provider.interactionFinished(req, res, {
    create: {},
    login: { accountId: candidate.sub },
    consent: { grantId: await grant.save() },
  })
}

/** Stores everything in memory. */
function mapAdapter(): (model: string) => Adapter {
  const kept = new Map<string, AdapterPayload>()
  const keys = new Map<string, string>()
  return (model) => {
    const findBy = async (fits: (payload: AdapterPayload) => boolean) =>
      [...kept].find(([key, payload]) => key.startsWith(`${model} `) && fits(payload))?.[1]
    return {
      async upsert(id, payload) {
        kept.set(`${model} ${id}`, payload)
        if (payload.uid) keys.set(`${model} ${payload.uid}`, `${model} ${id}`)
      },
      find: async (id) => kept.get(`${model} ${id}`),
      findByUid: async (uid) => kept.get(keys.get(`${model} ${uid}`) ?? ''),
      findByUserCode: (userCode) => findBy((payload) => payload.userCode === userCode),
      destroy: async (id) => void kept.delete(`${model} ${id}`),
      async consume(id) {
        const payload = kept.get(`${model} ${id}`)
        if (payload) payload.consumed = Date.now() / 1000
      },
      async revokeByGrantId(grantId) {
        for (const [key, payload] of kept) if (payload.grantId === grantId) kept.delete(key)
      },
    }
  }
}
