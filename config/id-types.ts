/** 证件类型 of individuals: the value of the claim (specification, section 6), and the name that banks use. */
export const idTypes = {
  resident_id: '居民身份证',
  hk_macau_permit: '港澳居民来往内地通行证',
  taiwan_permit: '台湾居民来往大陆通行证',
  hmt_residence_permit: '港澳台居民居住证',
  passport: '护照',
  foreigner_residence_id: '外国人永久居留身份证',
} as const

/** 证件类型 of organisations. */
export const unitIdTypes = { uscc: '统一社会信用代码' } as const

export type IdType = keyof typeof idTypes
export type IdTypeName = (typeof idTypes)[IdType]
