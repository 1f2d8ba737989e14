import type { IdType } from '../../config/id-types.ts'

/** 证件: type and number as typed, folded to upper case without spaces. */
export type IdDocument = { readonly type: IdType; readonly number: string }
