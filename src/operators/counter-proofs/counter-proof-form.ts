import * as z from 'zod'
import type { PhoneRegion } from '../../../config/phone-regions.ts'
import { dayInChina } from '../../people/fields/birthdate.ts'
import { choice, field } from '../../people/fields/field.ts'
import {
  documentFields,
  documentOf,
  documentRules,
  sameDocument,
} from '../../people/fields/id-document.ts'
import { personName } from '../../people/fields/person-name.ts'
import { phoneFields, phoneRules } from '../../people/fields/phone.ts'
import { type Refusal, refuse } from '../../people/refusal.ts'
import type { Cases } from '../../ports/cases.ts'
import type { CounterProofHolder } from '../../ports/counter-proofs.ts'
import { refusalsOf } from '../../web/flow/flow-definition.ts'
import { reason } from '../access/reason.ts'

/** 核验材料: 证件原件, 银行证明, 其他材料, by the field of each checkbox. */
export const materials = ['materialOriginal', 'materialBank', 'materialOther'] as const
export type Material = (typeof materials)[number]

/** The request of a support operator. */
export type CounterProofRequest = {
  readonly holder: CounterProofHolder
  readonly materials: readonly Material[]
  readonly caseNumber: string
}

type Typed = Readonly<Record<string, string>>

const form = (today: string, phoneRegions: readonly PhoneRegion[]) =>
  z
    .object({
      name: personName,
      ...documentFields,
      ...phoneFields(phoneRegions),
      // `verified_claims` will say that the document was checked in physical presence.
      materialOriginal: choice(['yes'], 'materialOriginal.missing'),
      caseNumber: field('caseNumber.missing', (typed) => typed),
      reason,
    })
    .check(...documentRules(today), ...phoneRules(phoneRegions))

/** Reads 人工核验. 受理编号 is that of a case whose document is the typed one. All problems are shown at once. */
export async function readCounterProof(
  typed: Typed,
  phoneRegions: readonly PhoneRegion[],
  now: number,
  cases: Pick<Cases, 'find'>,
): Promise<(CounterProofRequest & { readonly reason: string }) | readonly Refusal[]> {
  const read = form(dayInChina(now), phoneRegions).safeParse(typed)
  if (!read.success) return refusalsOf(read.error.issues)
  const { name, phone, caseNumber, reason: why } = read.data
  const document = documentOf(read.data)
  const filed = await cases.find(caseNumber)
  if (!filed?.document || !sameDocument(filed.document, document))
    return [refuse('caseNumber', 'caseNumber.otherDocument')]
  return {
    holder: { name, document, phone },
    materials: materials.filter((material) => typed[material] === 'yes'),
    caseNumber: filed.number,
    reason: why,
  }
}
