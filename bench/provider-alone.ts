import { createServer } from 'node:http'
import { Redis } from 'ioredis'
import { exportJWK, generateKeyPair } from 'jose'
import Provider, { type Adapter, type AdapterPayload, interactionPolicy } from 'oidc-provider'
import { freePort } from '../sandbox/ports.mjs'
import { benchClient, resource } from './bench-client.ts'

/**
 * Runs oidc-provider alone, with a Map as its store or with the plain Redis adapter of its examples (`REDIS_URL`), as the
 * baseline of `bench/main.ts`. It signs everybody in at once and prints its address.
 */
const issuer = `http://localhost:${await freePort()}`
const { privateKey } = await generateKeyPair('ES256', { extractable: true })
const url = process.env['REDIS_URL']

const policy = interactionPolicy.base()
const provider = new Provider(issuer, {
  clients: [benchClient],
  adapter: url ? redisAdapter(new Redis(url, { enableAutoPipelining: true })) : mapAdapter(),
  jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'k1', alg: 'ES256', use: 'sig' }] },
  cookies: { keys: ['one-key-of-the-benchmark'] },
  claims: { profile: ['name'], phone: ['phone_number'], identity: ['id_number'] },
  scopes: ['openid', 'offline_access', 'grades'],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({
        scope: '',
        audience: resource,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
  interactions: { policy, url: (_ctx, { uid }) => `/interaction/${uid}` },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, name: '张三' }) }),
})

provider.use(async ({ path, req, res }, next) => {
  if (!path.startsWith('/interaction/')) return next()
  const { params } = await provider.interactionDetails(req, res)
  const grant = new provider.Grant({ accountId: 'candidate-1', clientId: benchClient.client_id })
  grant.addOIDCScope(String(params['scope']))
  await provider.interactionFinished(req, res, {
    login: { accountId: 'candidate-1' },
    consent: { grantId: await grant.save() },
  })
})
createServer(provider.callback()).listen(Number(new URL(issuer).port), '127.0.0.1', () => {
  console.log(issuer)
})

/** The store of a model, by keys. */
type Store = {
  get(key: string): Promise<AdapterPayload | undefined>
  set(key: string, payload: AdapterPayload, seconds: number): Promise<unknown>
  remove(key: string): Promise<unknown>
}

function adapterOver({ get, set, remove }: Store) {
  return (model: string): Adapter => ({
    async upsert(id, payload, seconds) {
      await set(`${model} ${id}`, payload, seconds ?? 3600)
      if (payload.uid) await set(`${model} uid ${payload.uid}`, { jti: id }, seconds ?? 3600)
    },
    find: (id) => get(`${model} ${id}`),
    async findByUid(uid) {
      const found = await get(`${model} uid ${uid}`)
      return found && get(`${model} ${found.jti}`)
    },
    findByUserCode: async () => undefined,
    destroy: async (id) => void (await remove(`${model} ${id}`)),
    async consume(id) {
      const payload = await get(`${model} ${id}`)
      if (payload) await set(`${model} ${id}`, { ...payload, consumed: Date.now() / 1000 }, 3600)
    },
    revokeByGrantId: async () => {},
  })
}

function mapAdapter() {
  const stored = new Map<string, AdapterPayload>()
  return adapterOver({
    get: async (key) => stored.get(key),
    set: async (key, payload) => stored.set(key, payload),
    remove: async (key) => stored.delete(key),
  })
}

function redisAdapter(redis: Redis) {
  return adapterOver({
    async get(key) {
      const stored = await redis.get(key)
      return stored === null ? undefined : JSON.parse(stored)
    },
    set: (key, payload, seconds) => redis.set(key, JSON.stringify(payload), 'EX', seconds),
    remove: (key) => redis.unlink(key),
  })
}
