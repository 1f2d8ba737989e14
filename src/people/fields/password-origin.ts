/** Shorter words stand in passwords by accident. */
const shortestWord = 4
/** A piece this long is the word's, e.g. a birth date out of an ID number. */
const telling = 6
/** Left of a password without its personal parts, it must still be as long as any password has to be. */
const enough = 8

/**
 * Whether a password is built from personal words (username, phone, ID number), without case, read with and without its
 * signs. Struck out of it are, forwards and backwards, each word of 4 characters or more, also without the digits and
 * signs at its ends (`lucy` of `lucy_88`), and every piece of 6 or more that it shares with a word. It is built from them
 * when that leaves fewer than 8 characters, or when the password without digits and signs at its ends is itself a part of
 * a word. So `Lucy@2024` is refused for `lucy_88`, and `lucy met a correct horse` is not.
 */
export function isBuiltFrom(password: string, personal: readonly string[]): boolean {
  const pieces = piecesOf(personal)
  const typed = password.toLowerCase()
  const heart = core(typed)
  if (heart.length >= shortestWord && pieces.some((piece) => piece.includes(heart))) return true
  return [typed, typed.replace(/[^\p{L}\p{N}]/gu, '')].some((text) => {
    const left = strike(text, pieces)
    return left.length < text.length && [...left].length < enough
  })
}

function piecesOf(personal: readonly string[]): string[] {
  const words = personal.map((word) => word.toLowerCase())
  return [...words, ...words.map(core)]
    .filter((word) => word.length >= shortestWord)
    .flatMap((word) => [word, [...word].reverse().join('')])
}

/** Without digits and signs at its ends. */
const core = (word: string): string => word.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')

/** What is left of a text without the pieces and their telling parts. */
function strike(text: string, pieces: readonly string[]): string {
  let left = ''
  for (let at = 0; at < text.length; ) {
    const struck = Math.max(0, ...pieces.map((piece) => sharedAt(text, at, piece)))
    if (struck === 0) left += text[at]
    at += struck || 1
  }
  return left
}

/** How many characters from `at` on are the piece, or a telling part of it. */
function sharedAt(text: string, at: number, piece: string): number {
  if (text.startsWith(piece, at)) return piece.length
  let length = telling
  if (at + length > text.length || !piece.includes(text.slice(at, at + length))) return 0
  while (at + length < text.length && piece.includes(text.slice(at, at + length + 1))) length++
  return length
}
