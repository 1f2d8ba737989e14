import { idTypes, unitIdTypes } from '../id-types.ts'
import type { Sentence } from '../sentences.ts'

/** 证件类型. */
export const idTypeMessages = {
  'idType.resident_id': named(idTypes.resident_id, 'Resident identity card'),
  'idType.hk_macau_permit': named(
    idTypes.hk_macau_permit,
    'Mainland travel permit for Hong Kong and Macau residents',
  ),
  'idType.taiwan_permit': named(
    idTypes.taiwan_permit,
    'Mainland travel permit for Taiwan residents',
  ),
  'idType.hmt_residence_permit': named(
    idTypes.hmt_residence_permit,
    'Residence permit for Hong Kong, Macau and Taiwan residents',
  ),
  'idType.passport': named(idTypes.passport, 'Passport'),
  'idType.foreigner_residence_id': named(
    idTypes.foreigner_residence_id,
    'Foreign permanent resident ID card',
  ),
  'idType.uscc': named(unitIdTypes.uscc, 'Unified social credit code'),
} as const satisfies Record<string, Sentence>

/** The English texts contain the Chinese name too, since it is printed on the document. */
function named(name: string, english: string): Sentence {
  return { 'zh-CN': name, en: `${english} (${name})` }
}
