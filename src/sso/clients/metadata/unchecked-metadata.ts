import type { MessageCode } from '../../../../config/messages.ts'

/** Metadata of unknown types: every rule runs, so that all problems are reported at once. */
export type UncheckedMetadata = Readonly<Record<string, unknown>>
export type MetadataProblem = readonly [
  name: string,
  code: MessageCode,
  params?: Readonly<Record<string, string | number>>,
]
/** A rule between several metadata; false when they follow it. */
export type MetadataRule = (given: UncheckedMetadata) => MetadataProblem | false

export const isEmpty = (list: unknown): boolean =>
  list === undefined || (Array.isArray(list) && list.length === 0)

/** Whether a list, or a string of words separated by spaces, includes the word. */
export const includesWord = (list: unknown, word: string): boolean =>
  (typeof list === 'string' ? list.split(' ') : Array.isArray(list) ? list : []).includes(word)
