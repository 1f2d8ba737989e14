import { type CacheInvalidation, cacheInvalidation } from './cache-invalidation.ts'
import { type PresentRequest, perRequest, sentAhead } from './oidc/per-request.ts'
import type { RedisStore } from './redis-store.ts'

/** Caches in Redis what every request reads of an account, until the account changes (decision 0145). */
export type AccountCache = {
  /** Returns the blind index under which all parts of an account are cached. */
  ownerOf(accountId: string): string
  /** Returns the copy of one part, or what `read` finds in the store. A part that does not exist is not cached. */
  find<T>(owner: string, part: string, read: () => Promise<T | undefined>): Promise<T | undefined>
  /** Starts to read all parts of an account for the present request. */
  prepare(owner: string): void
  /** Returns a part of one of the accounts whose parts the present request has read, if it is among them. */
  findRead<T>(part: string): Promise<T | undefined>
  /** Runs a change of any part. While it runs, nothing of the account is cached. */
  changing<T>(owner: string, change: () => Promise<T>): Promise<T>
}

/** The copies that a request has read of an account, and the text of each part that it needed. */
type PartsRead = Awaited<ReturnType<CacheInvalidation['findAll']>> & {
  readonly texts: Map<string, Promise<string | undefined>>
}

/**
 * Stores the parts of an account as encrypted copies in one hash, under keys that begin with `held`. A request reads them
 * once, all together (decision 0244), and reads them again after a change of its own.
 */
export function accountCache({
  redis,
  keyPrefix,
  encryption,
  presentRequest,
}: Omit<RedisStore, 'clock'> & { readonly presentRequest?: PresentRequest }): AccountCache {
  const cacheOf = (owner: string) => cacheInvalidation({ redis, keyPrefix }, `{held:${owner}}`)
  const readByRequest = perRequest(presentRequest, () => new Map<string, Promise<PartsRead>>())
  const fieldOf = (part: string) => encryption.blindIndex('held.part', part)
  const contextOf = (owner: string, field: string) => ({ collection: 'held', record: owner, field })

  const usualFields = ['account', 'ended'].map(fieldOf)

  async function readAll(owner: string): Promise<PartsRead> {
    return { ...(await cacheOf(owner).findAll(usualFields)), texts: new Map() }
  }

  /** The parts of an account that the request reads once. */
  function partsOf(owner: string, known: Map<string, Promise<PartsRead>>): Promise<PartsRead> {
    const parts = known.get(owner) ?? sentAhead(readAll(owner))
    known.set(owner, parts)
    return parts
  }

  /** The text of one part, from its copy or the store. */
  async function findText(owner: string, field: string, read: () => Promise<unknown>) {
    const cached = await cacheOf(owner).find(field)
    if ('copy' in cached) return encryption.decrypt(cached.copy, contextOf(owner, field))
    return readPart(owner, field, cached.state, read)
  }

  async function readPart(
    owner: string,
    field: string,
    state: string,
    read: () => Promise<unknown>,
  ): Promise<string | undefined> {
    const found = await read()
    if (found === undefined) return undefined
    const text = JSON.stringify(found)
    if (state)
      await cacheOf(owner).keep(state, field, encryption.encrypt(text, contextOf(owner, field)))
    return text
  }

  /** Decrypts each copy once for a request. */
  function textOf(owner: string, field: string, { copies, texts }: PartsRead) {
    const copy = copies.get(field)
    const text =
      texts.get(field) ??
      (copy === undefined
        ? undefined
        : Promise.resolve(encryption.decrypt(copy, contextOf(owner, field))))
    if (text) texts.set(field, text)
    return text
  }

  const parsed = (text: string | undefined) => (text === undefined ? undefined : JSON.parse(text))

  return {
    ownerOf: (accountId) => encryption.blindIndex('held', accountId),
    async find(owner, part, read) {
      const field = fieldOf(part)
      const known = readByRequest()
      if (!known) return parsed(await findText(owner, field, read))
      const parts = await partsOf(owner, known)
      let text = textOf(owner, field, parts)
      if (!text) {
        text = parts.isWhole
          ? readPart(owner, field, parts.state, read)
          : findText(owner, field, read)
        parts.texts.set(field, text)
        // Something that is not there, or was not found out, is asked for again.
        const forget = () => parts.texts.delete(field)
        text.then((found) => found ?? forget(), forget)
      }
      return parsed(await text)
    },
    prepare(owner) {
      const known = readByRequest()
      if (known) void partsOf(owner, known)
    },
    async findRead(part) {
      const field = fieldOf(part)
      for (const [owner, read] of readByRequest() ?? []) {
        const text = textOf(owner, field, await read)
        if (text) return parsed(await text)
      }
      return undefined
    },
    async changing(owner, change) {
      const forget = () => readByRequest()?.delete(owner)
      forget()
      try {
        return await cacheOf(owner).changing(change)
      } finally {
        forget()
      }
    },
  }
}
