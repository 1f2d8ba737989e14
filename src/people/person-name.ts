import { gb18030Moved } from '../../config/gb18030.ts'
import type { MessageCode } from '../../config/messages.ts'
import { characters, field, halfWidth } from './field.ts'

const most = 64

/**
 * Han characters: what this Node knows, and by number every CJK block (planes 2 and 3 whole, so that a name needs no
 * newer Unicode), the compatibility ideographs, and the private-use characters that GB 18030 gives two-byte codes.
 */
const han =
  '\\p{Script=Han}\\u3400-\\u4DBF\\u4E00-\\u9FFF\\uF900-\\uFAFF\\u{20000}-\\u{2FFFD}\\u{30000}-\\u{3FFFD}\\uE000-\\uE864'
/** With diacritics, also where a system sends them as marks of their own; full width too: nothing is changed. */
const latin = '(?:(?=\\p{L})\\p{Script=Latin}[\\u0300-\\u036F]*)'

const whole = new RegExp(`^(?:[${han} \\-'.,\u00B7]|${latin})+$`, 'u')
const letter = new RegExp(`[${han}]|${latin}`, 'u')
const dotBetweenHan = new RegExp(`(?<=[${han}])[.\uFF0E\uFF65\u2219\u22C5](?=[${han}])`, 'gu')

/** The separator of ethnic names is U+00B7 (民委发〔2016〕33号), whatever dot a keyboard offers. */
const foldDots = (name: string): string =>
  name.replace(/[\u2022\u2027\u30FB]/g, '\u00B7').replace(dotBetweenHan, '\u00B7')

/** 姓名: 1–64 code points, exactly as typed but for its dots and the spaces at its ends. */
export const personNamed = (missing: MessageCode) =>
  field(missing, (typed, no) => {
    const name = foldDots(typed.trim())
    if (characters(name) > most) return no('name.length', { most })
    return whole.test(name) && letter.test(name) ? name : no('name.characters')
  })

export const personName = personNamed('name.missing')

/**
 * Whether two names are one: rare characters, dots, width, case and runs of spaces
 * folded. Only for comparing; stored and sent is what was typed.
 */
export const sameName = (a: string, b: string): boolean => nameKey(a) === nameKey(b)

/** Rare characters by the code points that they have now, in whichever of GB 18030's encodings they arrive. */
export const foldRareCharacters = (name: string): string =>
  name.replace(/[\uE7C7-\uE864]/g, (old) => gb18030Moved.get(old) ?? old)

/** `欧**`, `J**`: the first character, and that there are more, not how many. */
export const maskedName = (name: string): string => `${[...name][0] ?? ''}**`

/** Under which a name is counted, however it was written. */
export const nameKey = (name: string): string =>
  halfWidth(foldRareCharacters(foldDots(name.trim())))
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .toLowerCase()
