import { han } from './han.ts'

/**
 * Invisible marks: the default-ignorable code points, which include the bidi controls, zero-width characters and the
 * soft hyphen, and the anchors of annotations. Variation selectors choose the glyph of the character before them.
 */
const invisible = /[\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]/gu
const invisibleButSelectors =
  /(?!\p{Variation_Selector})[\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]/gu

const afterHan = new RegExp(`[${han}]\\p{Variation_Selector}?$`, 'u')
const beforeHan = new RegExp(`^[${han}]`, 'u')

export const withoutInvisible = (text: string): string => text.replace(invisible, '')

/** Removes invisible marks except variation selectors, which names need. */
export const withoutInvisibleMarks = (text: string): string =>
  text.replace(invisibleButSelectors, '')

/** Replaces full-width letters, digits, signs and spaces (U+FF01–FF5E, U+3000) by ASCII. */
export const halfWidth = (text: string): string =>
  text
    .replace(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replaceAll('\u3000', ' ')

/** Folds a typed number to half width, without spaces and invisible marks. */
export const compact = (text: string): string =>
  withoutInvisible(halfWidth(text)).replace(/[\s\p{Cf}]/gu, '')

/**
 * Trims a text and folds every other space than the plain one (ideographic, no-break, em, thin …). Between two Han
 * characters, where it is used for layout only, it is removed (`方　静` becomes `方静`); elsewhere it becomes a plain one.
 */
export const foldSpaces = (text: string): string =>
  text.trim().replace(/\s+/g, (run, at: number, whole: string) => {
    if (/^ +$/.test(run)) return run
    const before = whole.slice(Math.max(0, at - 4), at)
    const after = whole.slice(at + run.length, at + run.length + 2)
    return afterHan.test(before) && beforeHan.test(after) ? '' : ' '
  })

/** Removes variation selectors that do not follow a Han character: they have no effect. */
export const withoutIdleSelectors = (text: string): string => text.replace(idleSelectors, '')

const idleSelectors = new RegExp(`(?<![${han}])\\p{Variation_Selector}`, 'gu')
