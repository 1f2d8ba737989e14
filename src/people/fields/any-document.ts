import { type IdType, idTypes } from '../../../config/id-types.ts'
import type { Account } from '../account.ts'
import { choice, crossFieldRule, field } from './field.ts'
import { documentKey, type IdDocument, type UnitDocument } from './id-document.ts'
import { foldIdNumber, readIdNumber } from './id-number.ts'
import { readOrganisationCode } from './organisation-code.ts'

/** Where a unit may be meant as well as a person, 证件类型 offers 统一社会信用代码 too. */
const types = [...(Object.keys(idTypes) as IdType[]), 'uscc'] as const

type AnyDocumentForm = { idType: (typeof types)[number]; idNumber: string }

/** 证件类型 and 证件号 of a person or a unit, to be spread into a form that checks `anyDocumentRule`. */
export const anyDocumentFields = {
  idType: choice(types, 'idType.missing'),
  idNumber: field('idNumber.missing', foldIdNumber),
}

/**
 * The number is one of its type, refused beside 证件号. Nothing is said of a unit's code that fails its check: such
 * codes were issued, and here it is compared with one that is on record.
 */
export const anyDocumentRule = (today: string) =>
  crossFieldRule<AnyDocumentForm>(['idType', 'idNumber'], ({ idType, idNumber }, reject) => {
    const reading =
      idType === 'uscc' ? readOrganisationCode(idNumber) : readIdNumber(idType, idNumber, today)
    if ('refused' in reading) reject('idNumber', reading.refused, reading.params)
  })

export const anyDocumentOf = ({ idType, idNumber }: AnyDocumentForm): IdDocument | UnitDocument =>
  idType === 'uscc' ? { type: idType, number: idNumber } : { type: idType, number: idNumber }

/** Whether it is on record for the account: the person's, or of a unit its handler's or its code. */
export function isRegistered(document: IdDocument | UnitDocument, account: Account): boolean {
  const own: (IdDocument | UnitDocument)[] = [account.document]
  if (account.kind === 'organisation') own.push({ type: 'uscc', number: account.unit.code })
  return own.some((each) => documentKey(each) === documentKey(document))
}
