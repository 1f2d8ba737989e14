import { type IdType, idTypes, unitIdTypes } from '../../../config/id-types.ts'
import { say } from '../../../config/messages.ts'
import type { Locale } from '../../../config/sentences.ts'
import { type IdDocument, maskedIdNumber } from '../../people/fields/id-document.ts'
import type { Visit } from '../flow/flow-definition.ts'

type Reader = Pick<Visit<unknown>, 'visitor'>
type Types = Readonly<Partial<Record<IdType | 'uscc', string>>>

const options = (types: Types, { visitor }: Reader) => ({
  idTypes: (Object.keys(types) as (IdType | 'uscc')[]).map((value) => ({
    value,
    text: say(visitor.locale, `idType.${value}`),
  })),
})

/** What 证件类型 offers on a page with the mixin `document`. */
export const documentPage = (visit: Reader) => options(idTypes, visit)

/** The same on a page about a unit. */
export const unitDocumentPage = (visit: Reader) => options(unitIdTypes, visit)

/** The same where a unit may be meant as well as a person. */
export const anyDocumentPage = (visit: Reader) => options({ ...idTypes, ...unitIdTypes }, visit)

/** A document as a page tells its holder which one is meant. */
export const maskedDocument = ({ type, number }: IdDocument, locale: Locale): string =>
  `${say(locale, `idType.${type}`)} ${maskedIdNumber(number)}`
