import { createHmac, type KeyObject } from 'node:crypto'

/** The part of an event that is erased with its account. */
export type Erasable = {
  readonly accountId?: string | undefined
  readonly address: string
  readonly reason?: string | undefined
}

/** The part of an event that never changes. `at` is a Date because the store returns one. */
export type LastingFacts = {
  readonly _id: string
  readonly at: Date
  readonly what: string
  readonly clientId?: string | undefined
  readonly flow?: string | undefined
  readonly detail?: string | undefined
  readonly operator?: string | undefined
  readonly target?: string | undefined
  readonly reasonKind?: string | undefined
}

/**
 * The keyed digests of the chain (decision 0245), HMAC-SHA-256. Without the key, which is stored encrypted, nobody can
 * write an event that the chain accepts.
 */
export type EventDigests = {
  /** Commits to what can be erased. The salt is deleted at erasure, after which even the key reveals nothing. */
  commitment(salt: string, erasable: Erasable): string
  /** The hash of an event, which names its predecessor's. `previous` is empty for the first event of a chain. */
  eventHash(facts: LastingFacts, commitment: string, previous: string): string
  /** Proves that the platform erased an event: it covers what stands there instead. */
  erasure(id: string, hash: string, remains: Erasable): string
}

export function eventDigests(key: KeyObject): EventDigests {
  const digest = (...values: readonly unknown[]) =>
    createHmac('sha256', key)
      .update(JSON.stringify(values.map((value) => value ?? null)))
      .digest('base64url')
  return {
    commitment: (salt, { accountId, address, reason }) =>
      digest('audit commitment', salt, accountId, address, reason),
    eventHash: (facts, commitment, previous) => {
      const { _id, at, what, clientId, flow, detail, operator, target, reasonKind } = facts
      const about = [clientId, flow, detail, operator, target, reasonKind]
      return digest('audit event', previous, _id, at.getTime(), what, ...about, commitment)
    },
    erasure: (id, hash, { accountId, address }) =>
      digest('audit erasure', id, hash, accountId, address),
  }
}
