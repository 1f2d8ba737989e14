import { idTypes, unitIdTypes } from '../../../config/id-types.ts'

const options = (types: Readonly<Record<string, string>>) => ({
  idTypes: Object.entries(types).map(([value, text]) => ({ value, text })),
})

/** What 证件类型 offers on a page with the mixin `document`. */
export const documentPage = () => options(idTypes)

/** The same on a page about a unit. */
export const unitDocumentPage = () => options(unitIdTypes)

/** The same where a unit may be meant as well as a person. */
export const anyDocumentPage = () => options({ ...idTypes, ...unitIdTypes })
