import * as z from 'zod'
import { gb18030Moved } from '../../../config/characters/gb18030.ts'
import type { MessageCode } from '../../../config/messages.ts'
import { codePoints, field } from './field.ts'
import { han, unifyHan } from './han.ts'
import {
  foldSpaces,
  halfWidth,
  withoutIdleSelectors,
  withoutInvisible,
  withoutInvisibleMarks,
} from './typed-text.ts'

const most = 64

/** With diacritics, also where a system sends them as marks of their own; full width too: nothing is changed. */
const latin = '(?:(?=\\p{L})\\p{Script=Latin}[\\u0300-\\u036F]*)'

const whole = new RegExp(
  `^(?:[${han}]\\p{Variation_Selector}?|[ \\-'\u2019\u02BC.,\u00B7]|${latin})+$`,
  'u',
)
const letter = new RegExp(`[${han}]|${latin}`, 'u')
const dotBetweenHan = new RegExp(
  `(?<=[${han}]\\p{Variation_Selector}?)[.\uFF0E\uFF65\u2219\u22C5](?=[${han}])`,
  'gu',
)

/** The separator of ethnic names is U+00B7 (民委发〔2016〕33号), whatever dot a keyboard offers. */
const foldDots = (name: string): string =>
  name.replace(/[\u2022\u2027\u30FB]/g, '\u00B7').replace(dotBetweenHan, '\u00B7')

/** As typed but for its dots, its spaces and what nobody sees. */
const seen = (name: string): string =>
  foldDots(foldSpaces(withoutIdleSelectors(withoutInvisibleMarks(name))))

/** 姓名: 1–64 code points. Radicals and compatibility ideographs stay: `unifiedName`, which a page has to tell. */
export const personNameField = (missing: MessageCode) =>
  field(missing, (typed, reject) => {
    const name = seen(typed)
    if (codePoints(name) > most) return reject('name.length', { most })
    return whole.test(name) && letter.test(name) ? name : reject('name.characters')
  })

export const personName = personNameField('name.missing')

/** The same where no page can ask whether the characters are to stay: an interface for machines. */
export const unifiedName = z.preprocess(
  (typed) => (typeof typed === 'string' ? unifyHan(typed) : typed),
  personName,
)

/**
 * Whether two names are one: rare characters, radicals and compatibility ideographs, variation selectors, dots,
 * apostrophes, width, case and spaces folded. Only for comparing; stored and sent is `personName`.
 */
export const sameName = (a: string, b: string): boolean => nameKey(a) === nameKey(b)

/** Rare characters by the code points that they have now, in whichever of GB 18030's encodings they arrive. */
export const foldRareCharacters = (name: string): string =>
  name.replace(/[\uE7C7-\uE864]/g, (old) => gb18030Moved.get(old) ?? old)

/** `欧**`, `J**`: the first character, and that there are more, not how many. */
export const maskedName = (name: string): string => `${[...name][0] ?? ''}**`

/** The apostrophes that a keyboard, a phone and a passport's transliteration write: U+0027, U+2019, U+02BC. */
export const foldApostrophes = (name: string): string => name.replace(/[\u2019\u02BC]/g, "'")

/** Under which a name is counted, however it was written. */
export const nameKey = (name: string): string =>
  halfWidth(foldApostrophes(unifyHan(foldRareCharacters(withoutInvisible(seen(name))))))
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .toLowerCase()
