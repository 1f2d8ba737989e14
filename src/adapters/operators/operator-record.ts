import type { Operator, OperatorCredentials, OperatorSession, Role } from '../../people/operator.ts'
import type { Encryption } from '../crypto/encryption.ts'

export type OperatorRecord = {
  readonly _id: string
  readonly usernameDigest: readonly string[]
  /** The encrypted profile. Each encryption gives another string, so it also marks the version. */
  readonly profile: string
  /** The encrypted credentials, or absent after a reset. */
  readonly credentials?: string
  readonly recoveryDigests: readonly string[]
  /** The latest time steps whose one-time password was used. */
  readonly usedSteps: readonly number[]
  /** The blind index of the invitation that set the credentials. */
  readonly invitation: string
  readonly createdAt: Date
  readonly lastSignInAt?: Date
  readonly session?: {
    readonly tokenDigest: string
    readonly startedAt: Date
    readonly usedAt: Date
  }
  /** The encrypted network address of the session. */
  readonly sessionAddress?: string
  readonly dataKey: number
}

export type Profile = {
  readonly username: string
  readonly name: string
  readonly role: Role
  readonly sponsors: readonly string[]
  readonly isDisabled: boolean
  readonly resets: number
}

/** Encrypts and decrypts the parts of an operator's record. */
export function operatorRecords(encryption: Encryption) {
  const context = (record: string, field: string) => ({ collection: 'operators', record, field })
  const decrypted = <T>(id: string, field: string, value: string): T =>
    JSON.parse(encryption.decrypt(value, context(id, field)))
  /** The first profiles had no `resets`. */
  const profileOf = ({ _id, profile }: Pick<OperatorRecord, '_id' | 'profile'>): Profile => ({
    resets: 0,
    ...decrypted<Omit<Profile, 'resets'>>(_id, 'profile', profile),
  })

  return {
    encrypted: (id: string, field: 'profile' | 'credentials', value: object): string =>
      encryption.encrypt(JSON.stringify(value), context(id, field)),
    encryptedAddress: (id: string, address: string): string =>
      encryption.encrypt(JSON.stringify(address), context(id, 'sessionAddress')),
    profileOf,

    toOperator({ _id: id, ...record }: OperatorRecord): Operator {
      const { profile, credentials, recoveryDigests, createdAt, lastSignInAt } = record
      const { session, sessionAddress } = record
      return {
        id,
        ...profileOf({ _id: id, profile }),
        ...(credentials && {
          credentials: decrypted<OperatorCredentials>(id, 'credentials', credentials),
        }),
        recoveryCodesLeft: recoveryDigests.length,
        createdAt: createdAt.getTime(),
        ...(lastSignInAt && { lastSignInAt: lastSignInAt.getTime() }),
        ...(session && sessionAddress && { session: toSession(id, session, sessionAddress) }),
      }
    },
  }

  function toSession(
    id: string,
    { startedAt, usedAt }: NonNullable<OperatorRecord['session']>,
    address: string,
  ): OperatorSession {
    return {
      startedAt: startedAt.getTime(),
      usedAt: usedAt.getTime(),
      address: decrypted<string>(id, 'sessionAddress', address),
    }
  }
}

/** The profile of an operator who has just been set up. */
export const newProfile = (
  given: Pick<Profile, 'username' | 'name' | 'role' | 'sponsors'>,
): Profile => ({
  username: given.username,
  name: given.name,
  role: given.role,
  sponsors: given.sponsors,
  isDisabled: false,
  resets: 0,
})
