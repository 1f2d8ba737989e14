import { Converter } from 'opencc-js/t2cn'
import { readConfusables } from '../../../../config/characters/confusables.ts'

/** Marks that change how a name is shown, or that nobody sees: bidirectional controls, zero-width and other format characters. */
const hidden = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}]/u

/** Whether a name contains characters that are invisible or that reorder the others. */
export const hasHiddenCharacters = (name: string): boolean => hidden.test(name)

/**
 * Compares names as people see them (UTS #39, 4): without regard to width and compatibility forms (NFKC), case,
 * traditional or simplified characters, confusable characters, diacritics, hidden marks, spaces and punctuation.
 */
export function nameResemblance(): (one: string, other: string) => boolean {
  const confusables = readConfusables()
  const simplified = Converter({ from: 't', to: 'cn' })
  const prototypes = (text: string) =>
    Array.from(text, (one) => confusables.get(one) ?? one).join('')

  /** Two skeletons, since `I` resembles `l` as it is written, and `i` once case is folded. */
  function skeletons(name: string): readonly string[] {
    const letters = simplified(bare(name))
    return [letters, folded(letters)].map((each) => folded(simplified(bare(prototypes(each)))))
  }

  return (one, other) => {
    const others = skeletons(other)
    return skeletons(one).some((skeleton) => skeleton !== '' && others.includes(skeleton))
  }
}

const folded = (text: string) => text.toUpperCase().toLowerCase()

/** Only what carries meaning: letters without their diacritics, and digits. */
const bare = (text: string) =>
  text
    .normalize('NFKC')
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}\p{S}]/gu, '')
    .normalize('NFC')
