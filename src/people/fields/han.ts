import { radicalsSupplement } from '../../../config/characters/cjk-radicals.ts'

/**
 * Han characters, for a class in a regular expression: those that this version of Node knows, all CJK blocks (planes 2
 * and 3 as a whole, so that a name may have characters of a newer Unicode version), the compatibility ideographs, and
 * the private-use characters that have two-byte codes in GB 18030.
 */
export const han =
  '\\p{Script=Han}\\u3400-\\u4DBF\\u4E00-\\u9FFF\\uF900-\\uFAFF\\u{20000}-\\u{2FFFD}\\u{30000}-\\u{3FFFD}\\uE000-\\uE864'

/** Kangxi radicals, CJK radicals supplement, and both blocks of compatibility ideographs. */
const doubles = /[\u2E81-\u2EF3\u2F00-\u2FD5\uF900-\uFAFF\u{2F800}-\u{2FA1F}]/gu

/**
 * Replaces radicals and compatibility ideographs by the unified characters. They look the same, but a computer does not
 * take them for equal; they come from PDF files, for instance. The twelve unified ideographs in U+FA0E–FA29 stay.
 */
export const unifyHan = (text: string): string =>
  text.replace(doubles, (one) => radicalsSupplement.get(one) ?? one.normalize('NFKC'))

/** The characters that `unifyHan` replaces, each once, and their replacements: `⽅⽴`, `方立`. Undefined if none. */
export function unificationOf(text: string): { from: string; to: string } | undefined {
  const from = [...new Set(text.match(doubles))].filter((one) => unifyHan(one) !== one).join('')
  return from ? { from, to: unifyHan(from) } : undefined
}
