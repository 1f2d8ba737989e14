const han =
  '\\u2E80-\\u2E99\\u2E9B-\\u2EF3\\u2F00-\\u2FD5\\u3005\\u3007\\u3021-\\u3029\\u3038-\\u303B\\u3400-\\u4DBF\\u4E00-\\u9FFF\\uE000-\\uE864\\uF900-\\uFAFF\u{20000}-\u{2FFFD}\u{30000}-\u{3FFFD}'
const selectors = '\\uFE00-\\uFE0F\u{E0100}-\u{E01EF}'
const latin =
  'A-Za-z\\u00AA\\u00BA\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02AF\\u1E00-\\u1EFF\\uFF21-\\uFF3A\\uFF41-\\uFF5A'
/** Apostrophes, and the dots of all keyboards between the parts of a name. */
const signs = " '.,\\u2019\\u02BC\\u00B7\\u2022\\u2027\\u30FB-"

const letter = `(?:[${han}][${selectors}]?|[${latin}][\\u0300-\\u036F]*)`

/**
 * A pattern of names that `personName` accepts, for JSON Schema: without flags and classes like `\p{L}`, which not every
 * language's regular expressions have. Only characters beyond the BMP are written as they are, since languages differ in
 * their escapes.
 */
export const namePattern = `^[${signs}]*${letter}(?:${letter}|[${signs}])*$`
