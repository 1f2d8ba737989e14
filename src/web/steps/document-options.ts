import { type IdType, idTypes, unitIdTypes } from '../../../config/id-types.ts'
import { say } from '../../../config/messages.ts'
import type { Locale } from '../../../config/sentences.ts'
import { countriesIn, countryName } from '../../people/countries.ts'
import { type IdDocument, lacksCountry, maskedIdNumber } from '../../people/fields/id-document.ts'
import { signedInOf } from '../../people/signed-in-account.ts'
import type { Visit } from '../flow/flow-definition.ts'

type Reader = Pick<Visit<unknown>, 'visitor'>
type Types = Readonly<Partial<Record<IdType | 'uscc', string>>>

const options = (types: Types, { visitor }: Reader) => ({
  idTypes: (Object.keys(types) as (IdType | 'uscc')[]).map((value) => ({
    value,
    text: say(visitor.locale, `idType.${value}`),
  })),
})

/** The options of 签发国家或地区. */
const countryPage = ({ visitor: { locale } }: Reader) => ({
  countries: countriesIn(locale).map(({ code, name }) => ({ value: code, text: name })),
})

/** The same where the signed-in person's passport lacks its country, as accounts from before decision 0210 do. */
export const lackedCountryPage = (visit: Reader & Pick<Visit<unknown>, 'signedIn'>) =>
  lacksCountry(signedInOf(visit).account.document) ? countryPage(visit) : {}

/** The options of 证件类型 on a page with the mixin `document`. */
export const documentPage = (visit: Reader) => ({
  ...options(idTypes, visit),
  ...countryPage(visit),
})

/** The options on a page for units. */
export const unitDocumentPage = (visit: Reader) => options(unitIdTypes, visit)

/** The options on a page for persons and units. */
export const anyDocumentPage = (visit: Reader) => ({
  ...options({ ...idTypes, ...unitIdTypes }, visit),
  ...countryPage(visit),
})

/** Describes a document to its holder, with a masked number. */
export const maskedDocument = ({ type, number, country }: IdDocument, locale: Locale): string =>
  [
    say(locale, `idType.${type}`),
    ...(country ? [countryName(country, locale)] : []),
    maskedIdNumber(number),
  ].join(' ')
