import { type Adapter, type AdapterPayload, type KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { Clients } from '../../ports/sso/clients.ts'
import type { OidcStorage } from '../../ports/sso/oidc-storage.ts'

type Found = Awaited<ReturnType<Adapter['find']>>

export type ReadAhead = {
  /** Is to be called before each read of a request. The first call starts all reads that the request will need. */
  begin(id?: string): void
  /** Finds a record, by the read that was started ahead if there is one. */
  find(model: string, id: string): Promise<Found>
  /** The session as it was in the store when the present request read it. */
  sessionRead(id: string): AdapterPayload | undefined
}

type Reads = {
  readonly sent: Map<string, Promise<Found>>
  readonly sessions: Map<string, AdapterPayload>
}

/**
 * Sends the reads of a request together, before oidc-provider asks for one after the other (decision 0244). A read that
 * was sent ahead answers one call, and a repeated call reads again.
 */
export function readAhead(storage: OidcStorage, clients: Clients): ReadAhead {
  const requests = new WeakMap<object, Reads>()

  function readsOf(ctx: KoaContextWithOIDC, id: string | undefined): Reads {
    const known = requests.get(ctx)
    if (known) return known
    const reads: Reads = { sent: new Map(), sessions: new Map() }
    requests.set(ctx, reads)
    clients.prepare?.()
    if (id !== undefined) storage.prepare(id)
    const named = idNamedIn(ctx)
    const model = named && storage.modelOf(named)
    if (!named || !model) return reads
    storage.prepare(named)
    const found = storage.adapterFor(model).find(named)
    // A request that is rejected before it needs the record does not wait for it.
    Promise.resolve(found).catch(() => {})
    reads.sent.set(keyOf(model, named), Promise.resolve(found))
    return reads
  }

  return {
    begin(id) {
      if (Provider.ctx) readsOf(Provider.ctx, id)
    },
    async find(model, id) {
      const { ctx } = Provider
      if (!ctx) return storage.adapterFor(model).find(id)
      const { sent, sessions } = readsOf(ctx, id)
      const key = keyOf(model, id)
      const ahead = sent.get(key)
      sent.delete(key)
      const found = await (ahead ?? storage.adapterFor(model).find(id))
      // oidc-provider changes the found one in place.
      if (model === 'Session' && found) sessions.set(id, structuredClone(found))
      return found
    },
    sessionRead: (id) => Provider.ctx && requests.get(Provider.ctx)?.sessions.get(id),
  }
}

const keyOf = (model: string, id: string) => `${model} ${id}`

/** The code or token that the parameters of a request name. */
function idNamedIn({ oidc: { params, route } }: KoaContextWithOIDC): string | undefined {
  const names = route === 'token' ? ['code', 'refresh_token'] : ['token']
  const named = names.map((name) => params?.[name]).find((value) => typeof value === 'string')
  return typeof named === 'string' ? named : undefined
}
