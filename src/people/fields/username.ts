import { field } from './field.ts'
import { halfWidth, withoutInvisible } from './typed-text.ts'

const least = 4
const most = 32

/** 用户名: 4–32 letters, digits, `_`, `-`, `.`, beginning with a letter. Full width is folded, case stays. */
export const username = field('username.missing', (typed, reject) => {
  const name = withoutInvisible(halfWidth(typed)).trim()
  if (!/^[\w.-]*$/.test(name)) return reject('username.characters')
  if (name.length < least || name.length > most) return reject('username.length', { least, most })
  return /^[A-Za-z]/.test(name) ? name : reject('username.start')
})

/** The key by which a username is unique: `Li.Ming` and `li.ming` are the same. */
export const usernameKey = (name: string): string => name.toLowerCase()
