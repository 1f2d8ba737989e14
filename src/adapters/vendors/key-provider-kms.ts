import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceUnreachable } from '../../ports/outage.ts'
import {
  type KeyProvider,
  type WrappedKey,
  WrappingKeyMissing,
} from '../../ports/services/key-provider.ts'
import { type BreakerRule, withBreaker } from './circuit-breaker.ts'
import type { Kms, KmsOutcome } from './kms.ts'

type Call = { readonly run: (kms: Kms) => Promise<KmsOutcome<WrappedKey | Buffer>> }

/**
 * Wraps data keys by a KMS. A call that the KMS does not answer is repeated after each pause, since a start fails with
 * it. Running processes keep unwrapped keys in memory and call nobody (decision 0241).
 * @param settings named in errors
 * @param pauses in seconds
 */
export function keyProviderKms(
  name: 'aliyun-kms' | 'tencent-kms',
  settings: string,
  kms: Kms,
  pauses: readonly number[],
  rule: BreakerRule,
): KeyProvider {
  const { ask } = withBreaker(
    ({ run }: Call) => run(kms),
    {
      health: (outcome) => ('unavailable' in outcome ? 'down' : 'up'),
      refusal: { unavailable: 'circuit breaker open' },
    },
    rule,
  )

  async function resultOf<Result extends WrappedKey | Buffer>(
    what: string,
    run: (kms: Kms) => Promise<KmsOutcome<Result>>,
  ): Promise<Result> {
    for (let attempt = 0; ; attempt += 1) {
      const outcome = (await ask({ run })) as KmsOutcome<Result>
      if ('result' in outcome) return outcome.result
      if ('refused' in outcome)
        throw new WrappingKeyMissing(`${settings}: ${name} refuses to ${what} (${outcome.refused})`)
      const pause = pauses[attempt]
      if (pause === undefined)
        throw new ServiceUnreachable(
          `${settings}: ${name} does not answer (${outcome.unavailable})`,
        )
      await sleep(pause * 1000)
    }
  }

  return {
    name,
    wrap: (plain, context) => resultOf('wrap a key', ({ encrypt }) => encrypt(plain, context)),
    unwrap: ({ wrapped, keyVersion }, context) =>
      resultOf(`unwrap ${context}, wrapped by ${keyVersion}`, ({ decrypt }) =>
        decrypt(wrapped, context),
      ),
  }
}
