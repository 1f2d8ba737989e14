import type { Provider } from 'oidc-provider'
import { AlreadyUsed } from '../../../ports/sso/oidc-storage.ts'

type Replays = {
  find(id: string): Promise<unknown>
  unique(issuer: string, jti: string, exp: number): Promise<boolean>
}

/**
 * Whether a proof was seen before its own write decides: oidc-provider asks first and writes then, which is two ways
 * to the store and lets two at once through.
 */
export function decideReplaysByWrite(provider: Provider): void {
  const replays = provider.ReplayDetection as unknown as Replays
  const { unique } = replays
  Object.assign(replays, {
    find: async () => undefined,
    unique: (...proof: Parameters<typeof unique>) =>
      unique.apply(replays, proof).catch((error) => {
        if (error instanceof AlreadyUsed) return false
        throw error
      }),
  } satisfies Replays)
}
