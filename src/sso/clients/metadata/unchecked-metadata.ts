/** Metadata before anything is known of its types: every problem is told at once, whatever else is wrong. */
export type Given = Readonly<Record<string, unknown>>
export type Problem = readonly [name: string, message: string]
/** What must agree between names. */
export type Agreement = (given: Given) => Problem | false

export const isEmpty = (list: unknown): boolean =>
  list === undefined || (Array.isArray(list) && list.length === 0)

/** In a list, or in words with a space between. */
export const holds = (list: unknown, word: string): boolean =>
  (typeof list === 'string' ? list.split(' ') : Array.isArray(list) ? list : []).includes(word)
