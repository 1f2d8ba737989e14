import { isLongWait, type Refusal } from '../../people/refusal.ts'
import type { Cases } from '../../ports/cases.ts'

/**
 * Files what support has to see of a refusal, by its own facts or as the limit that it is, and gives it its number.
 * With the `earlier` number of the same flow it is a retry, and keeps that (decision 0165).
 */
export async function withCaseNumber(
  refused: Refusal,
  earlier: string | undefined,
  cases: Cases,
): Promise<Refusal> {
  const found = refused.case ?? (isLongWait(refused) ? { finding: refused.code } : undefined)
  if (!found) return refused
  const caseNumber = await cases.file(found, earlier)
  return { ...refused, params: { ...refused.params, caseNumber } }
}

export function caseNumberOf({ params }: Refusal): string | undefined {
  const caseNumber = params?.['caseNumber']
  return typeof caseNumber === 'string' ? caseNumber : undefined
}
