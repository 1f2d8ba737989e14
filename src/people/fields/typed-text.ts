import { han } from './han.ts'

/**
 * Marks that nobody sees: default-ignorable code points, which include the bidi controls, zero-width characters and the
 * soft hyphen, and the anchors of annotations. Variation selectors choose the form of the character before them.
 */
const invisible = /[\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]/gu
const invisibleButSelectors =
  /(?!\p{Variation_Selector})[\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]/gu

const afterHan = new RegExp(`[${han}]\\p{Variation_Selector}?$`, 'u')
const beforeHan = new RegExp(`^[${han}]`, 'u')

/** A text without any of them. */
export const withoutInvisible = (text: string): string => text.replace(invisible, '')

/** A text without what nobody sees in it; its variation selectors stay, as names need them. */
export const withoutInvisibleMarks = (text: string): string =>
  text.replace(invisibleButSelectors, '')

/** Full-width letters, digits, signs and space (U+FF01–FF5E, U+3000) as their ASCII counterparts. */
export const halfWidth = (text: string): string =>
  text
    .replace(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replaceAll('\u3000', ' ')

/** A number as an office reads it: half-width, no spaces, no invisible marks. */
export const compact = (text: string): string =>
  withoutInvisible(halfWidth(text)).replace(/[\s\p{Cf}]/gu, '')

/**
 * Spaces at the ends go. The ideographic space, and any other that is no plain one (no-break, em, thin …), only sets
 * Han characters apart and goes between two of them (`方　静` is `方静`); elsewhere it becomes a plain one.
 */
export const foldSpaces = (text: string): string =>
  text.trim().replace(/\s+/g, (run, at: number, whole: string) => {
    if (/^ +$/.test(run)) return run
    const before = whole.slice(Math.max(0, at - 4), at)
    const after = whole.slice(at + run.length, at + run.length + 2)
    return afterHan.test(before) && beforeHan.test(after) ? '' : ' '
  })

/** A variation selector that follows no Han character chooses nothing. */
export const withoutIdleSelectors = (text: string): string => text.replace(idleSelectors, '')

const idleSelectors = new RegExp(`(?<![${han}])\\p{Variation_Selector}`, 'gu')
