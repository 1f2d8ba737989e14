import { radicalsSupplement } from '../../../config/characters/cjk-radicals.ts'

/**
 * Han characters, for a class in a regular expression: what this Node knows, and by number every CJK block (planes 2
 * and 3 whole, so that a name needs no newer Unicode), the compatibility ideographs, and the private-use characters
 * that GB 18030 gives two-byte codes.
 */
export const han =
  '\\p{Script=Han}\\u3400-\\u4DBF\\u4E00-\\u9FFF\\uF900-\\uFAFF\\u{20000}-\\u{2FFFD}\\u{30000}-\\u{3FFFD}\\uE000-\\uE864'

/** Kangxi radicals, CJK radicals supplement, and both blocks of compatibility ideographs. */
const doubles = /[\u2E81-\u2EF3\u2F00-\u2FD5\uF900-\uFAFF\u{2F800}-\u{2FA1F}]/gu

/**
 * The unified character for a radical and for a compatibility ideograph, which look the same and are another character
 * to a computer: copied from a PDF, for instance. The twelve of U+FA0E–FA29 that are unified themselves stay.
 */
export const unifyHan = (text: string): string =>
  text.replace(doubles, (one) => radicalsSupplement.get(one) ?? one.normalize('NFKC'))

/** The characters that `unified` changes, each once, and what they become: `⽅⽴`, `方立`. Undefined: none. */
export function unificationOf(text: string): { from: string; to: string } | undefined {
  const from = [...new Set(text.match(doubles))].filter((one) => unifyHan(one) !== one).join('')
  return from ? { from, to: unifyHan(from) } : undefined
}
