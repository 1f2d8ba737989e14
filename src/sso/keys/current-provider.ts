import type { JWK, Provider } from 'oidc-provider'
import type { Logger } from 'pino'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { SigningAlgorithm } from '../../../config/oidc.ts'
import type { Clock } from '../../ports/clock.ts'
import type { SigningKeys } from '../../ports/sso/signing-keys.ts'
import { keysAt, maintainKeys } from './key-rotation.ts'

/**
 * Returns the present provider. oidc-provider reads its keys only once, so that other keys need another provider on the
 * same ports. Call it once for each request, and do not store the result.
 */
export type CurrentProvider = () => Provider

/** The key that signs with an algorithm at present. */
export type SigningKeyFor = (alg: SigningAlgorithm) => JWK

type Present = {
  readonly provider: Provider
  /** The published keys, of each algorithm the one that signs first. */
  readonly published: readonly JWK[]
  readonly kids: readonly string[]
  /** The time at which the keys change without a new one, ms since 1970. */
  readonly until: number
}

/**
 * Replaces the provider when the keys change. Reads the store every few seconds, and in between follows the clock
 * alone. Requests in progress finish with their provider.
 */
export async function followKeys(
  store: SigningKeys,
  provider: (keys: readonly JWK[]) => Provider,
  { clock, policy, log }: { clock: Clock; policy: Policy['keys']; log: Logger },
): Promise<{
  readonly current: CurrentProvider
  readonly signingKeyFor: SigningKeyFor
  close(): Promise<void>
}> {
  let keys = await maintainKeys(store, clock(), policy)
  let present = providerAt(clock())

  function providerAt(now: number, before?: Present): Present {
    const states = keysAt(keys, now, policy).filter(({ state }) => state !== 'gone')
    const until = Math.min(...states.map((key) => key.until))
    const published = states.map(({ key }) => key.jwk)
    const kids = published.map(({ kid }) => kid)
    if (before?.kids.join() === kids.join()) return { ...before, until }
    if (before) log.info({ kids }, 'signing keys changed')
    return { provider: provider(published), published, kids, until }
  }

  const refresh = async () => {
    try {
      keys = await maintainKeys(store, clock(), policy)
      present = providerAt(clock(), present)
    } catch (error) {
      log.warn({ err: error }, 'signing keys could not be looked at')
    }
  }
  let closed = false
  let timer: NodeJS.Timeout
  let refreshing = Promise.resolve()
  const scheduleRefresh = () => {
    timer = setTimeout(() => {
      refreshing = refresh().finally(() => closed || scheduleRefresh())
    }, policy.look * 1000).unref()
  }
  scheduleRefresh()

  function presentNow(): Present {
    const now = clock()
    if (now >= present.until) present = providerAt(now, present)
    return present
  }

  return {
    current: () => presentNow().provider,
    signingKeyFor(alg) {
      const key = presentNow().published.find((jwk) => jwk.alg === alg)
      if (!key) throw new Error(`no key signs with ${alg}`)
      return key
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await refreshing
    },
  }
}
