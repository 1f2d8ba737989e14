import type { Instrumentation } from '../../ports/observability/instrumentation.ts'
import type { Kms, KmsOutcome } from '../vendors/kms.ts'
import { observedCall } from './observed-services.ts'

/** Measures the calls to a KMS. Its code of a refusal may be any word, and is no outcome. */
export const observedKms = (kms: Kms, calls: Pick<Instrumentation, 'externalCall'>): Kms => ({
  encrypt: (...given) => observedCall(calls, 'kms', () => kms.encrypt(...given), wordOf),
  decrypt: (...given) => observedCall(calls, 'kms', () => kms.decrypt(...given), wordOf),
})

function wordOf(outcome: KmsOutcome<unknown>): string {
  if ('result' in outcome) return 'done'
  return 'refused' in outcome ? 'refused' : 'unavailable'
}
