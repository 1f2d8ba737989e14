import { type IdType, idTypes } from '../../../config/id-types.ts'
import type { Account } from '../account.ts'
import { choice, crossFieldRule, field } from './field.ts'
import {
  countryField,
  countryRule,
  documentOf,
  type IdDocument,
  sameDocument,
  type UnitDocument,
} from './id-document.ts'
import { foldIdNumber, readIdNumber } from './id-number.ts'
import { readOrganisationCode } from './organisation-code.ts'

/** The options of 证件类型 on a page for persons and units: 统一社会信用代码 is one of them. */
const types = [...(Object.keys(idTypes) as IdType[]), 'uscc'] as const

type AnyDocumentForm = {
  idType: (typeof types)[number]
  idCountry?: string | undefined
  idNumber: string
}

/** 证件类型, 签发国家或地区 and 证件号 of a person or a unit, to be spread into a form that checks `anyDocumentRules`. */
export const anyDocumentFields = {
  idType: choice(types, 'idType.missing'),
  idCountry: countryField,
  idNumber: field('idNumber.missing', foldIdNumber),
}

/**
 * Rejects a number that does not fit its type, beside 证件号. The check character of a unit's code is not checked: codes
 * with a wrong one were issued, and the code is compared with a registered one anyway.
 */
export const anyDocumentRules = (today: string) =>
  [
    countryRule,
    crossFieldRule<AnyDocumentForm>(['idType', 'idNumber'], ({ idType, idNumber }, reject) => {
      const reading =
        idType === 'uscc' ? readOrganisationCode(idNumber) : readIdNumber(idType, idNumber, today)
      if ('refused' in reading) reject('idNumber', reading.refused, reading.params)
    }),
  ] as const

export const anyDocumentOf = ({
  idType,
  idNumber,
  idCountry,
}: AnyDocumentForm): IdDocument | UnitDocument =>
  idType === 'uscc'
    ? { type: idType, number: idNumber }
    : documentOf({ idType, idNumber, idCountry })

/** Whether the document belongs to the account: the person's, for a unit its handler's or its own code. */
export function isRegistered(document: IdDocument | UnitDocument, account: Account): boolean {
  const own: (IdDocument | UnitDocument)[] = [account.document]
  if (account.kind === 'organisation') own.push({ type: 'uscc', number: account.unit.code })
  return own.some((each) => sameDocument(each, document))
}
