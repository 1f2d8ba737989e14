import { randomBytes } from 'node:crypto'
import type { mongo } from 'mongoose'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import { usernameKey } from '../../people/fields/username.ts'
import type { Operators } from '../../ports/operators/operators.ts'
import { isDuplicateKey } from '../mongo/duplicate-key.ts'
import type { MongoStore } from '../mongo/mongo-store.ts'
import { majority } from '../mongo/write-concern.ts'
import { type OperatorRecord, operatorRecords, type Profile } from './operator-record.ts'

/** More steps than the tolerance can accept. */
const rememberedSteps = 8

const noSession = { session: '', sessionAddress: '' } as const

/** Creates its indexes first. */
export async function operatorsMongo({
  connection,
  encryption,
  clock,
  policy,
}: MongoStore & { readonly policy: Pick<Policy['operators'], 'session'> }): Promise<Operators> {
  const records = connection.collection<OperatorRecord>('operators', { writeConcern: majority })
  await records.createIndexes([
    { key: { usernameDigest: 1 }, unique: true },
    { key: { invitation: 1 }, unique: true },
    { key: { 'session.tokenDigest': 1 }, sparse: true },
  ])
  const { encrypted, encryptedAddress, profileOf, toOperator } = operatorRecords(encryption)
  const digestOf = {
    username: (username: string) =>
      encryption.lookupIndexes('operators.username', usernameKey(username)),
    invitation: (token: string) => encryption.blindIndex('operators.invitation', token),
    session: (token: string) => encryption.blindIndex('operators.session', token),
    recoveryCode: (id: string, code: string) =>
      encryption.blindIndex('operators.recovery', `${id} ${code}`),
  }

  const find = async (by: mongo.Filter<OperatorRecord>) => {
    const record = await records.findOne(by)
    return record ? toOperator(record) : undefined
  }

  /** Applies an update and says whether a record matched. */
  const update = async (
    filter: mongo.Filter<OperatorRecord>,
    change: mongo.UpdateFilter<OperatorRecord>,
  ): Promise<boolean> => (await records.updateOne(filter, change)).matchedCount === 1

  /** Changes the profile as it is at the moment of the change; false if there is no such operator. */
  async function changeProfile(
    id: string,
    change: Partial<Profile>,
    more: mongo.UpdateFilter<OperatorRecord>,
  ): Promise<boolean> {
    for (;;) {
      const record = await records.findOne({ _id: id })
      if (!record) return false
      const profile = encrypted(id, 'profile', { ...profileOf(record), ...change })
      const unchanged = { _id: id, profile: record.profile }
      if (await update(unchanged, { ...more, $set: { ...more.$set, profile } })) return true
    }
  }

  return {
    list: async () => (await records.find().sort({ createdAt: 1 }).toArray()).map(toOperator),
    findById: (id) => find({ _id: id }),
    findByUsername: (username) => find({ usernameDigest: { $in: digestOf.username(username) } }),

    async create({ id, credentials, recoveryCodes, invitation, ...profile }) {
      try {
        await records.insertOne({
          _id: id,
          usernameDigest: digestOf.username(profile.username),
          profile: encrypted(id, 'profile', { ...profile, isDisabled: false } satisfies Profile),
          credentials: encrypted(id, 'credentials', credentials),
          recoveryDigests: recoveryCodes.map((code) => digestOf.recoveryCode(id, code)),
          usedSteps: [],
          invitation: digestOf.invitation(invitation),
          createdAt: new Date(clock()),
          dataKey: encryption.dataKey(),
        })
        return 'created'
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
        return 'invitation' in error['keyPattern'] ? 'invitation_used' : 'username_taken'
      }
    },

    async setCredentials(id, { credentials, recoveryCodes, invitation, sponsors }) {
      const own = await find({ _id: id })
      if (!own) return false
      const set = await update(
        { _id: id, credentials: { $exists: false } },
        {
          $set: {
            credentials: encrypted(id, 'credentials', credentials),
            recoveryDigests: recoveryCodes.map((code) => digestOf.recoveryCode(id, code)),
            invitation: digestOf.invitation(invitation),
          },
        },
      )
      const all = [...new Set([...own.sponsors, ...sponsors])]
      if (set && all.length > own.sponsors.length) await changeProfile(id, { sponsors: all }, {})
      return set
    },

    removeCredentials: (id) =>
      changeProfile(
        id,
        {},
        { $set: { recoveryDigests: [] }, $unset: { credentials: '', ...noSession } },
      ),

    disable: (id) => changeProfile(id, { isDisabled: true }, { $unset: noSession }),

    async startSession({ id }, address) {
      const record = await records.findOne({ _id: id })
      if (!record?.credentials || profileOf(record).isDisabled) return undefined
      const token = randomBytes(32).toString('base64url')
      const now = new Date(clock())
      const session = {
        tokenDigest: digestOf.session(token),
        startedAt: now,
        usedAt: now,
      }
      const sessionAddress = encryptedAddress(id, address)
      const unchanged = { _id: id, profile: record.profile, credentials: record.credentials }
      const started = await update(unchanged, {
        $set: { session, sessionAddress, lastSignInAt: now },
      })
      return started ? token : undefined
    },

    async useSession(token) {
      const now = clock()
      const { idle, most } = policy.session
      const record = await records.findOneAndUpdate(
        {
          'session.tokenDigest': digestOf.session(token),
          'session.usedAt': { $gt: new Date(now - idle * 1000) },
          'session.startedAt': { $gt: new Date(now - most * 1000) },
        },
        { $set: { 'session.usedAt': new Date(now) } },
        { returnDocument: 'after' },
      )
      return record ? toOperator(record) : undefined
    },

    async endSession(id) {
      await update({ _id: id }, { $unset: noSession })
    },

    useTimeStep: (id, step) =>
      update(
        { _id: id, usedSteps: { $ne: step } },
        { $push: { usedSteps: { $each: [step], $slice: -rememberedSteps } } },
      ),

    async useRecoveryCode(id, code) {
      const digest = digestOf.recoveryCode(id, code)
      return update({ _id: id, recoveryDigests: digest }, { $pull: { recoveryDigests: digest } })
    },

    async countPasskeyUse({ id, credentials }, { id: passkeyId }, counter) {
      const record = await records.findOne({ _id: id })
      if (!record?.credentials || !credentials) return false
      const passkeys = credentials.passkeys.map((passkey) =>
        passkey.id === passkeyId ? { ...passkey, counter } : passkey,
      )
      const changed = encrypted(id, 'credentials', { ...credentials, passkeys })
      return update(
        { _id: id, credentials: record.credentials },
        { $set: { credentials: changed } },
      )
    },
  }
}
