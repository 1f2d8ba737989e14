import { isLongWait, type Refusal } from '../../people/refusal.ts'
import type { Cases } from '../../ports/cases.ts'

/**
 * Files a case for a refusal that support may have to explain (a bank check, a limit), and adds its number. Refusals of
 * the same flow share one number, `earlier` (decision 0165).
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
