import { countryName } from '../../people/countries.ts'
import type { Case } from '../../people/support-case.ts'

/** 证件 of a case, which is stored masked beside the whole one; undefined if a limit filed it. */
export const maskedCaseDocument = ({ idType, idCountry, idNumber }: Case): string | undefined =>
  idNumber &&
  [idType, idCountry && countryName(idCountry, 'zh-CN'), idNumber].filter(Boolean).join(' ')
