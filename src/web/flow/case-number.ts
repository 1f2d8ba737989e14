import { isLongWait, type Refusal } from '../../people/refusal.ts'
import type { Cases } from '../../ports/cases.ts'
import type { FlowState } from './state.ts'

/**
 * Files what support has to see of a refusal, by its own facts or as the limit that it is, and shows its number.
 * Retries in one flow keep one number (decision 0165).
 */
export async function filed<A>(state: FlowState<A>, refused: Refusal, cases: Cases) {
  const found = refused.case ?? (isLongWait(refused) ? { finding: refused.code } : undefined)
  if (!found) return { state, refused }
  const caseNumber = await cases.file(found, state.caseNumber)
  return {
    state: { ...state, caseNumber },
    refused: { ...refused, params: { ...refused.params, caseNumber } },
  }
}
