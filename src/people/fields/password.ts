import type { MessageCode } from '../../../config/messages.ts'
import { codePoints, crossFieldRule, fieldAsTyped } from './field.ts'
import { isBuiltFrom } from './password-origin.ts'

const usualLeast = 8
const most = 128

export type PasswordRules = {
  /** Lower case, at least 8 characters each (`readCommonPasswords`). */
  readonly common: ReadonlySet<string>
  /** The number of classes (lower case, upper case, digits, others) that a password needs; 1 demands nothing. */
  readonly classes: number
  /** The fewest characters; default 8. */
  readonly least?: number
}

/**
 * A password that is typed to sign in. It is normalised to NFC and limited in length. Invisible marks stay: they may
 * come from a password manager, and removing them would make two passwords equal.
 */
export const typedPassword = typedSecret('password.missing')

/** 原密码, which confirms a change of the account. */
export const presentPassword = typedSecret('presentPassword.missing')

/**
 * A new password: 8–128 code points (or at least `least`) of any kind (spaces count) in NFC, neither a common one nor built from the
 * `personal` words that are known (username, phone, ID number).
 */
export const newPassword = (
  { common, classes, least = usualLeast }: PasswordRules,
  personal: readonly string[] = [],
) =>
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

/** Rejects 确认密码 if it differs from 密码. */
export const passwordsAgree = crossFieldRule<{ password: string; passwordAgain: string }>(
  ['password', 'passwordAgain'],
  ({ password, passwordAgain: again }, reject) => {
    if (password !== again) reject('passwordAgain', 'passwordAgain.differs')
  },
)

/** Rejects a 密码 that is built from the 用户名 in the same form. */
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
