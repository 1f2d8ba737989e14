import type { MessageCode } from '../../../config/messages.ts'
import { codePoints, crossFieldRule, fieldAsTyped } from './field.ts'
import { isBuiltFrom } from './password-origin.ts'

const least = 8
const most = 128

export type PasswordRules = {
  /** Lower case, at least 8 characters each (`readCommonPasswords`). */
  readonly common: ReadonlySet<string>
  /** How many of lower case, upper case, digits and anything else it has to hold; 1 demands nothing. */
  readonly classes: number
}

/**
 * A password as typed to sign in, or typed again: NFC, nothing else changed, no rule but its greatest length. An
 * invisible mark in it may come from a password manager or be wanted; removing it would make two passwords one.
 */
export const typedPassword = typedSecret('password.missing')

/** 原密码, where another one or something as weighty is to be set. */
export const presentPassword = typedSecret('presentPassword.missing')

/**
 * A password that is to be set: 8–128 code points of any kind (spaces count), NFC, not a common one, not built from
 * `personal` words (username, phone, ID number; those that are known).
 */
export const newPassword = ({ common, classes }: PasswordRules, personal: readonly string[] = []) =>
  fieldAsTyped('password.missing', (typed, reject) => {
    const password = typed.normalize('NFC')
    const length = codePoints(password)
    if (length < least) return reject('password.short', { least })
    if (length > most) return reject('password.long', { most })
    if (classesOf(password) < classes) return reject('password.classes', { classes })
    if (common.has(password.toLowerCase())) return reject('password.common')
    return isBuiltFrom(password, personal) ? reject('password.personal') : password
  })

/** 确认密码. */
export const passwordAgain = fieldAsTyped('passwordAgain.missing', (typed) =>
  typed.normalize('NFC'),
)

/** 密码 and 确认密码 are the same; refused beside the second. */
export const passwordsAgree = crossFieldRule<{ password: string; passwordAgain: string }>(
  ['password', 'passwordAgain'],
  ({ password, passwordAgain: again }, reject) => {
    if (password !== again) reject('passwordAgain', 'passwordAgain.differs')
  },
)

/** Where 用户名 is chosen in the same form as 密码. */
export const passwordHidesUsername = crossFieldRule<{ username: string; password: string }>(
  ['username', 'password'],
  ({ username, password }, reject) => {
    if (isBuiltFrom(password, [username])) reject('password', 'password.personal')
  },
)

function typedSecret(missing: MessageCode) {
  return fieldAsTyped(missing, (typed, reject) => {
    const password = typed.normalize('NFC')
    return codePoints(password) > most ? reject('password.long', { most }) : password
  })
}

const classesOf = (password: string): number =>
  [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(password)).length
