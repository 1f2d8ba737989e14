import { randomBytes } from 'node:crypto'
import type { mongo } from 'mongoose'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import { usernameKey } from '../../people/fields/username.ts'
import type { Operator } from '../../people/operator.ts'
import type { Operators } from '../../ports/operators/operators.ts'
import { buildIndexes } from '../mongo/build-indexes.ts'
import { isDuplicateKey } from '../mongo/duplicate-key.ts'
import type { MongoStore } from '../mongo/mongo-store.ts'
import { majority } from '../mongo/write-concern.ts'
import {
  newProfile,
  type OperatorRecord,
  operatorRecords,
  type Profile,
} from './operator-record.ts'

/** More steps than the tolerance can accept. */
const rememberedSteps = 8

const noSession = { session: '', sessionAddress: '' } as const

export const operatorIndexes: mongo.IndexDescription[] = [
  { key: { usernameDigest: 1 }, unique: true },
  { key: { invitation: 1 }, unique: true },
  { key: { 'session.tokenDigest': 1 }, sparse: true },
]

/** Creates its indexes first. */
export async function operatorsMongo({
  connection,
  encryption,
  clock,
  policy,
}: MongoStore & { readonly policy: Pick<Policy['operators'], 'session'> }): Promise<Operators> {
  const records = connection.collection<OperatorRecord>('operators', { writeConcern: majority })
  await buildIndexes(records, operatorIndexes)
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

  /** Changes the profile as it is at the moment of the change. Returns it; undefined if there is no such operator. */
  async function changeProfile(
    id: string,
    change: (profile: Profile) => Partial<Profile>,
    more: mongo.UpdateFilter<OperatorRecord>,
  ): Promise<Profile | undefined> {
    for (;;) {
      const record = await records.findOne({ _id: id })
      if (!record) return undefined
      const before = profileOf(record)
      const after = { ...before, ...change(before) }
      const set = { ...more.$set, profile: encrypted(id, 'profile', after) }
      if (await update({ _id: id, profile: record.profile }, { ...more, $set: set })) return after
    }
  }

  /** The record, if its operator has credentials and was not reset or disabled since `seen` was read. */
  async function unchangedSince({ id, resets }: Operator) {
    const record = await records.findOne({ _id: id })
    if (!record?.credentials) return undefined
    const profile = profileOf(record)
    if (profile.resets !== resets || profile.isDisabled) return undefined
    // Each reset encrypts the profile anew, so that this filter finds the record before the next one only.
    const filter = { _id: id, profile: record.profile, credentials: record.credentials }
    return { operator: toOperator(record), filter }
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
          profile: encrypted(id, 'profile', newProfile(profile)),
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

    async setCredentials(id, { credentials, recoveryCodes, invitation, sponsors, resets }) {
      const record = await records.findOne({ _id: id })
      if (!record) return false
      const before = profileOf(record)
      if (before.resets !== resets) return false
      const all = [...new Set([...before.sponsors, ...sponsors])]
      return update(
        { _id: id, credentials: { $exists: false }, profile: record.profile },
        {
          $set: {
            profile: encrypted(id, 'profile', { ...before, sponsors: all }),
            credentials: encrypted(id, 'credentials', credentials),
            recoveryDigests: recoveryCodes.map((code) => digestOf.recoveryCode(id, code)),
            invitation: digestOf.invitation(invitation),
          },
        },
      )
    },

    async removeCredentials(id) {
      const changed = await changeProfile(id, ({ resets }) => ({ resets: resets + 1 }), {
        $set: { recoveryDigests: [] },
        $unset: { credentials: '', ...noSession },
      })
      return changed?.resets
    },

    disable: async (id) =>
      (await changeProfile(id, () => ({ isDisabled: true }), { $unset: noSession })) !== undefined,

    async startSession(seen, address) {
      const unchanged = await unchangedSince(seen)
      if (!unchanged) return undefined
      const token = randomBytes(32).toString('base64url')
      const now = new Date(clock())
      const session = {
        tokenDigest: digestOf.session(token),
        startedAt: now,
        usedAt: now,
      }
      const sessionAddress = encryptedAddress(seen.id, address)
      const started = await update(unchanged.filter, {
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

    async countPasskeyUse(seen, { id: passkeyId }, counter) {
      const unchanged = await unchangedSince(seen)
      const { credentials } = unchanged?.operator ?? {}
      if (!unchanged || !credentials) return false
      const passkeys = credentials.passkeys.map((passkey) =>
        passkey.id === passkeyId ? { ...passkey, counter } : passkey,
      )
      const changed = encrypted(seen.id, 'credentials', { ...credentials, passkeys })
      return update(unchanged.filter, { $set: { credentials: changed } })
    },
  }
}
