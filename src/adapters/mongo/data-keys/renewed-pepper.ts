import type { SecurityQuestion } from '../../../people/account.ts'
import type { OperatorCredentials } from '../../../people/operator.ts'
import type { DurableEncryption } from '../../crypto/encryption.ts'
import type { Pepper } from '../../crypto/peppered-passwords.ts'

/**
 * The same encryption, which gives each password hash and each hash of a security answer the present pepper. With it a
 * rotation replaces the pepper of everybody, also of people who never sign in again (decision 0240).
 */
export function withRenewedPepper(
  encryption: DurableEncryption,
  pepper: Pepper,
): DurableEncryption {
  const renewed = (hash: string) => pepper.add(pepper.remove(hash))
  const renewedIn: Readonly<Record<string, (value: string) => string>> = {
    'accounts.passwordHash': renewed,
    'unproved_accounts.passwordHash': renewed,
    'accounts.questions': (value) =>
      JSON.stringify(
        (JSON.parse(value) as SecurityQuestion[]).map((each) => ({
          ...each,
          answerHash: renewed(each.answerHash),
        })),
      ),
    'operators.credentials': (value) => {
      const credentials = JSON.parse(value) as OperatorCredentials
      return JSON.stringify({ ...credentials, passwordHash: renewed(credentials.passwordHash) })
    },
  }
  return {
    ...encryption,
    encrypt(value, context) {
      const renew = renewedIn[`${context.collection}.${context.field}`]
      return encryption.encrypt(renew ? renew(value) : value, context)
    },
  }
}
