import { field } from './field.ts'
import { halfWidth, withoutInvisible } from './typed-text.ts'

const least = 4
const most = 32

/** 用户名: 4–32 letters, digits, `_`, `-`, `.`, beginning with a letter; full width folded, case kept. */
export const username = field('username.missing', (typed, reject) => {
  const name = withoutInvisible(halfWidth(typed)).trim()
  if (!/^[\w.-]*$/.test(name)) return reject('username.characters')
  if (name.length < least || name.length > most) return reject('username.length', { least, most })
  return /^[A-Za-z]/.test(name) ? name : reject('username.start')
})

/** What makes a username unique: `Li.Ming` and `li.ming` are one. */
export const usernameKey = (name: string): string => name.toLowerCase()
