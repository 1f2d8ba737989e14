import type { Provider } from 'oidc-provider'
import { AlreadyUsed } from '../../../ports/sso/oidc-storage.ts'
import { assertSeam } from '../assert-seam.ts'

type ReplayDetection = {
  find(id: string): Promise<unknown>
  unique(issuer: string, jti: string, exp: number): Promise<boolean>
}

/**
 * Patches: the static methods `find` and `unique` of ReplayDetection.
 * Why: the write alone decides whether a `jti` was seen before. oidc-provider reads first and writes then, which is two
 * requests to the store and accepts the same `jti` twice when two requests arrive together.
 * Shown by: test/sso/dpop.test.ts, test/sso/signed-requests.test.ts.
 * On an upgrade: look at lib/models/replay_detection.js.
 */
export function decideReplaysByWrite(provider: Provider): void {
  const detection = provider.ReplayDetection as unknown as ReplayDetection
  const { find, unique } = detection
  const areThere = typeof find === 'function' && typeof unique === 'function'
  assertSeam(areThere, 'atomic-replay-detection', 'ReplayDetection has find and unique')
  Object.assign(detection, {
    find: async () => undefined,
    unique: (...proof: Parameters<typeof unique>) =>
      unique.apply(detection, proof).catch((error) => {
        if (error instanceof AlreadyUsed) return false
        throw error
      }),
  } satisfies ReplayDetection)
}
