import type { JWK, Provider } from 'oidc-provider'
import type { Logger } from 'pino'
import type { Policy } from '../../../config/policy.ts'
import type { Clock } from '../../ports/clock.ts'
import type { SigningKeys } from '../../ports/sso/signing-keys.ts'
import { keepUp, keysAt } from './key-rotation.ts'

/**
 * The provider of this moment. oidc-provider never looks at its keys again, so that another set of keys is another
 * provider on the same ports: ask for it once a request, and keep it no longer.
 */
export type CurrentProvider = () => Provider

type Present = {
  readonly provider: Provider
  readonly kids: readonly string[]
  /** When time alone makes it another one, ms since 1970. */
  readonly until: number
}

/**
 * Follows the keys: looks into the store every few seconds, and in between moves by the clock alone. Requests under
 * way finish with the provider that they began with.
 */
export async function followKeys(
  store: SigningKeys,
  provider: (keys: readonly JWK[]) => Provider,
  { clock, policy, log }: { clock: Clock; policy: Policy['keys']; log: Logger },
): Promise<{ readonly current: CurrentProvider; close(): Promise<void> }> {
  let keys = await keepUp(store, clock(), policy)
  let present = providerAt(clock())

  function providerAt(now: number, before?: Present): Present {
    const states = keysAt(keys, now, policy).filter(({ state }) => state !== 'gone')
    const until = Math.min(...states.map((key) => key.until))
    const published = states.map(({ key }) => key.jwk)
    const kids = published.map(({ kid }) => kid)
    if (before?.kids.join() === kids.join()) return { ...before, until }
    if (before) log.info({ kids }, 'signing keys changed')
    return { provider: provider(published), kids, until }
  }

  const look = async () => {
    try {
      keys = await keepUp(store, clock(), policy)
      present = providerAt(clock(), present)
    } catch (error) {
      log.warn({ err: error }, 'signing keys could not be looked at')
    }
  }
  let closed = false
  let timer: NodeJS.Timeout
  let looking = Promise.resolve()
  const lookLater = () => {
    timer = setTimeout(() => {
      looking = look().finally(() => closed || lookLater())
    }, policy.look * 1000).unref()
  }
  lookLater()

  return {
    current() {
      const now = clock()
      if (now >= present.until) present = providerAt(now, present)
      return present.provider
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await looking
    },
  }
}
