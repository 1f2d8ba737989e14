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

/** Latin letters, in full width too, with diacritics, also as combining marks. */
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

/** Replaces the dots of all keyboards by U+00B7, the separator of ethnic names (民委发〔2016〕33号). */
const foldDots = (name: string): string =>
  name.replace(/[\u2022\u2027\u30FB]/g, '\u00B7').replace(dotBetweenHan, '\u00B7')

/** The name as typed, with folded dots and spaces and without invisible marks. */
const seen = (name: string): string =>
  foldDots(foldSpaces(withoutIdleSelectors(withoutInvisibleMarks(name))))

/** 姓名: 1–64 code points. Radicals and compatibility ideographs stay: a page that unifies them has to say so. */
export const personNameField = (missing: MessageCode) =>
  field(missing, (typed, reject) => {
    const name = seen(typed)
    if (codePoints(name) > most) return reject('name.length', { most })
    return whole.test(name) && letter.test(name) ? name : reject('name.characters')
  })

export const personName = personNameField('name.missing')

/** 姓名 at an interface for machines, where no page can ask whether to keep radicals and compatibility ideographs. */
export const unifiedName = z.preprocess(
  (typed) => (typeof typed === 'string' ? unifyHan(typed) : typed),
  personName,
)

/**
 * Whether two names are equal after folding rare characters, radicals and compatibility ideographs, variation
 * selectors, dots, apostrophes, width, case and spaces. `personName`, and not the folded form, is stored and sent.
 */
export const sameName = (a: string, b: string): boolean => nameKey(a) === nameKey(b)

/** Replaces rare characters in an older encoding of GB 18030 by their present code points. */
export const foldRareCharacters = (name: string): string =>
  name.replace(/[\uE7C7-\uE864]/g, (old) => gb18030Moved.get(old) ?? old)

/** Masks a name like `欧**`, `J**`: the number of asterisks does not disclose the length. */
export const maskedName = (name: string): string => `${[...name][0] ?? ''}**`

/** Replaces U+2019 and U+02BC, which phones and the transliteration of passports use, by U+0027. */
export const foldApostrophes = (name: string): string => name.replace(/[\u2019\u02BC]/g, "'")

/** The key by which names are compared and counted, whatever their spelling. */
export const nameKey = (name: string): string =>
  halfWidth(foldApostrophes(unifyHan(foldRareCharacters(withoutInvisible(seen(name))))))
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .toLowerCase()
