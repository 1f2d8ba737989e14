/** Metadata before anything is known of its types: every problem is told at once, whatever else is wrong. */
export type UncheckedMetadata = Readonly<Record<string, unknown>>
export type MetadataProblem = readonly [name: string, message: string]
/** What must agree between names. */
export type MetadataRule = (given: UncheckedMetadata) => MetadataProblem | false

export const isEmpty = (list: unknown): boolean =>
  list === undefined || (Array.isArray(list) && list.length === 0)

/** In a list, or in words with a space between. */
export const includesWord = (list: unknown, word: string): boolean =>
  (typeof list === 'string' ? list.split(' ') : Array.isArray(list) ? list : []).includes(word)
