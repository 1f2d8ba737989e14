import { setTimeout as sleep } from 'node:timers/promises'
import { keyStatus } from '../adapters/mongo/data-keys/key-status.ts'
import type { CountedDataKeys, ManagedKeys } from '../ports/operators/managed-keys.ts'
import type { SigningKeys } from '../ports/sso/signing-keys.ts'
import { keysAt, rotateKey, withdrawKey } from '../sso/keys/key-rotation.ts'
import type { PlatformInput } from './platform-input.ts'

/** A page waits so many ms for a count. */
const patience = 3000

/** A count that took longer is repeated after so many ms only. */
const pause = 10 * 60_000

/** The keys for 密钥. The rules of rotation are those of the command. */
export function managedKeys(
  { mongodb, clock, policy, log }: Pick<PlatformInput, 'mongodb' | 'clock' | 'policy' | 'log'>,
  signingKeys: SigningKeys,
): ManagedKeys {
  let last: (CountedDataKeys & { readonly took: number }) | undefined
  let counting: Promise<void> | undefined

  async function count(): Promise<void> {
    const at = clock()
    const status = await keyStatus(mongodb)
    const keys = (status?.keys ?? []).map(({ version, state, madeAt, records }) => ({
      ...{ version, state },
      ...(madeAt && { madeAt: madeAt.getTime() }),
      records: Object.values(records).reduce((sum, each) => sum + each, 0),
    }))
    last = { at, keys, took: clock() - at }
  }

  return {
    list: async () =>
      keysAt(await signingKeys.all(), clock(), policy.keys).map(({ key, state, until }) => ({
        ...{ alg: key.alg, kid: key.jwk.kid, state, signsFrom: key.signsFrom },
        use: key.jwk.use === 'enc' ? 'decryption' : 'signing',
        ...(Number.isFinite(until) && { until }),
      })),
    rotate: async (alg) =>
      (await rotateKey(signingKeys, alg, clock(), policy.keys, true)) === 'rotated',
    async withdraw(kid) {
      const outcome = await withdrawKey(signingKeys, kid, clock(), policy.keys)
      return outcome === 'signing' ? 'in-use' : outcome
    },
    async countDataKeys() {
      if (last && last.took > patience && clock() - last.at < pause) return last
      counting ??= count().finally(() => {
        counting = undefined
      })
      // A count that nobody waits for any more must not end the process.
      counting.catch((error: unknown) => log.error({ err: error }, 'data keys cannot be counted'))
      await Promise.race([counting, sleep(patience, undefined, { ref: false })])
      return last
    },
  }
}
