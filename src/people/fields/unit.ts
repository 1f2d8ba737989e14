import * as z from 'zod'
import { idTypes } from '../../../config/id-types.ts'
import type { MessageCode } from '../../../config/messages.ts'
import type { Unit } from '../account.ts'
import { choice, codePoints, crossFieldRule, field } from './field.ts'
import { documentCounterKey, type IdDocument } from './id-document.ts'
import { foldIdNumber, readIdNumber } from './id-number.ts'
import { organisationCode, usccFinding } from './organisation-code.ts'
import { personNameField, sameName } from './person-name.ts'
import { compact, foldSpaces } from './typed-text.ts'

/** The maximum length of a unit's name. */
const most = 128

/** 单位名称, without invisible marks and with folded spaces. Its characters are not checked: the registry does that. */
export const unitNameField = (missing: MessageCode) =>
  field(missing, (typed, reject) => {
    const name = foldSpaces(typed)
    return codePoints(name) > most ? reject('unitName.length', { most }) : name
  })

/** 单位名称, 证件类型, 证件号, to be spread into a form. */
export const unitFields = {
  unitName: unitNameField('unitName.missing'),
  idType: choice(['uscc'], 'idType.missing'),
  idNumber: organisationCode,
}

/** The form of a registry check. `checkedCode` is the code for which the page has shown a warning (`uscc.check`). */
export const unitForm = (today: string) =>
  z
    .object({
      ...unitFields,
      ...legalRepresentativeFields(today),
      checkedCode: z.string().optional(),
    })
    .check(codeChecked)

/** 法定代表人 and 法定代表人证件号, to be spread into a form. */
export const legalRepresentativeFields = (today: string) => ({
  legalRepresentative: personNameField('legalRepresentative.missing'),
  legalRepresentativeIdNumber: numberOfAnyType(today),
})

/** Accepts a code with a wrong check character only after a warning: such codes were issued (facts.md). */
const codeChecked = crossFieldRule<{ idNumber: string; checkedCode?: string | undefined }>(
  ['idNumber'],
  ({ idNumber, checkedCode = '' }, reject) => {
    if (usccFinding(idNumber) === 'ok' || compact(checkedCode).toUpperCase() === idNumber) return
    reject('idNumber', 'uscc.check')
  },
)

export const unitFromForm = (form: z.output<ReturnType<typeof unitForm>>): Unit => ({
  name: form.unitName,
  code: form.idNumber,
  legalRepresentative: form.legalRepresentative,
  legalRepresentativeIdNumber: form.legalRepresentativeIdNumber,
})

const types = ['resident_id', 'hmt_residence_permit', 'foreigner_residence_id'] as const
const allTypes = Object.keys(idTypes) as (keyof typeof idTypes)[]

/**
 * 法定代表人证件号. The registry has no document type, so a number of any type is accepted. A number of 11 digits or more
 * must fit one of the types with 18 characters; its errors are explained for 居民身份证, which nearly everybody has.
 */
const numberOfAnyType = (today: string) =>
  field('legalRepresentativeIdNumber.missing', (typed, reject) => {
    const number = foldIdNumber(typed)
    const possible = /^\d{11,}X?$/.test(number) ? types : allTypes
    const readings = possible.map((type) => readIdNumber(type, number, today))
    const [asResident] = readings
    if (!asResident || !('refused' in asResident)) return number
    const fits = readings.some((reading) => !('refused' in reading))
    return fits ? number : reject(asResident.refused, asResident.params)
  })

/**
 * Whether the person that a bank has confirmed is the unit's legal representative. A 居民身份证 number belongs to one
 * person; two documents of other types may have the same number, so the name has to be the same too.
 */
export const isLegalRepresentative = (
  { name, document }: { readonly name: string; readonly document: IdDocument },
  { legalRepresentative, legalRepresentativeIdNumber: number }: Unit,
): boolean =>
  documentCounterKey({ type: document.type, number }) === documentCounterKey(document) &&
  (document.type === 'resident_id' || sameName(name, legalRepresentative))
