import * as z from 'zod'
import { type IdType, idTypes } from '../../../config/id-types.ts'
import type { PhoneRegion } from '../../../config/phone-regions.ts'
import { dayInChina } from '../../people/fields/birthdate.ts'
import { choice, field } from '../../people/fields/field.ts'
import { foldIdNumber, readIdNumber } from '../../people/fields/id-number.ts'
import { readOrganisationCode } from '../../people/fields/organisation-code.ts'
import { phoneFields, phoneRules } from '../../people/fields/phone.ts'
import { username } from '../../people/fields/username.ts'
import { type Refusal, refuse } from '../../people/refusal.ts'
import type { ReasonKind } from '../../ports/audit.ts'
import { refusalsOf } from '../../web/flow/flow-definition.ts'
import { reasonText } from '../access/reason.ts'

/** 查询方式. */
export const lookupWays = ['username', 'document', 'phone', 'case', 'account'] as const
export type LookupWay = (typeof lookupWays)[number]

/** 事由类别; the first one is preselected. */
export const reasonKinds = [
  'call',
  'counter',
  'complaint',
  'security',
] as const satisfies readonly ReasonKind[]

export const lookupIdTypes = [...(Object.keys(idTypes) as IdType[]), 'uscc'] as const
type LookupIdType = (typeof lookupIdTypes)[number]

/** The subject of a look-up, in the normalised spelling of each kind. */
export type Wanted =
  | { readonly by: 'username' | 'phone' | 'case' | 'account'; readonly value: string }
  | { readonly by: 'document'; readonly idType: LookupIdType; readonly value: string }

export type Lookup = {
  readonly wanted: Wanted
  readonly reasonKind: ReasonKind
  readonly reason: string
}

type Typed = Readonly<Record<string, string>>

const form = z.object({
  by: choice(lookupWays, 'lookup.by.missing'),
  value: field('lookup.value.missing', (typed) => typed),
  reasonKind: choice(reasonKinds, 'lookup.reasonKind.missing'),
  reason: reasonText('lookup.reason.missing'),
})

/** Reads 用户查询. All problems are shown at once, those of the value beside 查询内容. */
export function readLookup(
  typed: Typed,
  phoneRegions: readonly PhoneRegion[],
  now: number,
): Lookup | readonly Refusal[] {
  const read = form.safeParse(typed)
  const { by, value } = form.shape
  const asked = z.object({ by, value }).safeParse(typed)
  const wanted = asked.success ? readWanted(asked.data, typed, phoneRegions, now) : undefined
  const problems = [
    ...(read.success ? [] : refusalsOf(read.error.issues)),
    ...(wanted && 'code' in wanted ? [wanted] : []),
  ]
  if (!read.success || !wanted || 'code' in wanted) return problems
  const { reasonKind, reason } = read.data
  return { wanted, reasonKind, reason }
}

function readWanted(
  { by, value }: { readonly by: LookupWay; readonly value: string },
  typed: Typed,
  phoneRegions: readonly PhoneRegion[],
  now: number,
): Wanted | Refusal {
  switch (by) {
    case 'document':
      return readDocument(typed['idType'], value, now)
    case 'phone': {
      const phone = z.object(phoneFields(phoneRegions)).check(...phoneRules(phoneRegions))
      const read = phone.safeParse({ phone: value })
      return read.success
        ? { by, value: read.data.phone }
        : besideValue(refusalsOf(read.error.issues)[0])
    }
    case 'username': {
      const read = username.safeParse(value)
      return read.success ? { by, value: read.data } : besideValue(refusalsOf(read.error.issues)[0])
    }
    default:
      return { by, value: value.slice(0, 64) }
  }
}

function readDocument(typedType: string | undefined, value: string, now: number): Wanted | Refusal {
  const idType = lookupIdTypes.find((each) => each === typedType)
  if (!idType) return refuse('idType', 'idType.missing')
  const number = foldIdNumber(value)
  const reading =
    idType === 'uscc' ? readOrganisationCode(number) : readIdNumber(idType, number, dayInChina(now))
  return 'refused' in reading
    ? besideValue(
        refuse('value', reading.refused, reading.params ? { params: reading.params } : {}),
      )
    : { by: 'document', idType, value: number }
}

const besideValue = (problem: Refusal | undefined): Refusal => ({
  ...(problem ?? refuse('value', 'lookup.value.missing')),
  field: 'value',
})
