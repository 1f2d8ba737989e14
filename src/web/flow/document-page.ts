import { idTypes } from '../../../config/id-types.ts'

/** What 证件类型 offers on a page with the mixin `document`. */
export const documentPage = () => ({
  idTypes: Object.entries(idTypes).map(([value, text]) => ({ value, text })),
})
