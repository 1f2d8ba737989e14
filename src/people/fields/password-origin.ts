/** Shorter words occur in passwords by accident. */
const shortestWord = 4
/** A shared part of this length is no accident, e.g. a birth date from an ID number. */
const shortestPart = 6
/** Without its personal parts, a password must still have the minimum length of any password. */
const leastLeft = 8

/**
 * Whether a password is built from personal words (username, phone, ID number), regardless of case, with and without
 * its signs. The following parts are removed from it, forwards and backwards: each word of 4 characters or more, also
 * without the digits and signs at its ends (`lucy` of `lucy_88`), and every part of 6 characters or more that it shares
 * with a word. The password is built from them if fewer than 8 characters are left, or if the password without digits
 * and signs at its ends is a part of a word. For `lucy_88`, `Lucy@2024` is rejected and `lucy met a correct horse` is
 * not.
 */
export function isBuiltFrom(password: string, personal: readonly string[]): boolean {
  const pieces = piecesOf(personal)
  const typed = password.toLowerCase()
  const stem = stemOf(typed)
  if (stem.length >= shortestWord && pieces.some((piece) => piece.includes(stem))) return true
  return [typed, typed.replace(/[^\p{L}\p{N}]/gu, '')].some((text) => {
    const left = withoutPieces(text, pieces)
    return left.length < text.length && [...left].length < leastLeft
  })
}

function piecesOf(personal: readonly string[]): string[] {
  const words = personal.map((word) => word.toLowerCase())
  return [...words, ...words.map(stemOf)]
    .filter((word) => word.length >= shortestWord)
    .flatMap((word) => [word, [...word].reverse().join('')])
}

/** The word without digits and signs at its ends. */
const stemOf = (word: string): string => word.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')

/** Removes the pieces, and parts of them that are long enough, from a text. */
function withoutPieces(text: string, pieces: readonly string[]): string {
  let left = ''
  for (let at = 0; at < text.length; ) {
    const struck = Math.max(0, ...pieces.map((piece) => sharedAt(text, at, piece)))
    if (struck === 0) left += text[at]
    at += struck || 1
  }
  return left
}

/** The number of characters from `at` on that are the piece, or a part of it that is long enough. */
function sharedAt(text: string, at: number, piece: string): number {
  if (text.startsWith(piece, at)) return piece.length
  let length = shortestPart
  if (at + length > text.length || !piece.includes(text.slice(at, at + length))) return 0
  while (at + length < text.length && piece.includes(text.slice(at, at + length + 1))) length++
  return length
}
