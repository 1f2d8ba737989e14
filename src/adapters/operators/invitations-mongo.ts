import { randomBytes, randomInt } from 'node:crypto'
import type { mongo } from 'mongoose'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { Invitation } from '../../people/operator.ts'
import type { Invitations } from '../../ports/operators/invitations.ts'
import { buildIndexes } from '../mongo/build-indexes.ts'
import type { MongoStore } from '../mongo/mongo-store.ts'
import { majority } from '../mongo/write-concern.ts'

type InvitationRecord = {
  /** The blind index of the token. */
  readonly _id: string
  readonly sealed: string
  readonly activationDigest?: string
  readonly wrongCodes: number
  readonly dataKey: number
  readonly expiresAt: Date
}

export const invitationIndexes: mongo.IndexDescription[] = [
  { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
]

/** Creates its index first. */
export async function invitationsMongo({
  connection,
  encryption,
  clock,
  policy,
}: MongoStore & {
  readonly policy: Pick<Policy['operators'], 'invitation' | 'activationTries'>
}): Promise<Invitations> {
  const records = connection.collection<InvitationRecord>('operator_invitations', {
    writeConcern: majority,
  })
  await buildIndexes(records, invitationIndexes)
  const idOf = (token: string) => encryption.blindIndex('invitations.token', token)
  const codeDigestOf = (record: string, code: string) =>
    encryption.blindIndex('invitations.code', `${record} ${code}`)
  const context = (record: string) => ({
    collection: 'operator_invitations',
    record,
    field: 'invitation',
  })
  const valid = (token: string) => ({
    _id: idOf(token),
    expiresAt: { $gt: new Date(clock()) },
    wrongCodes: { $lt: policy.activationTries },
  })

  return {
    async issue(invitation, { withActivationCode } = { withActivationCode: false }) {
      const token = randomBytes(32).toString('base64url')
      const _id = idOf(token)
      const activationCode = withActivationCode
        ? String(randomInt(10 ** 8)).padStart(8, '0')
        : undefined
      await records.insertOne({
        _id,
        sealed: encryption.encrypt(JSON.stringify(invitation), context(_id)),
        ...(activationCode && { activationDigest: codeDigestOf(_id, activationCode) }),
        wrongCodes: 0,
        dataKey: encryption.dataKey(),
        expiresAt: new Date(clock() + policy.invitation * 1000),
      })
      return { token, ...(activationCode && { activationCode }) }
    },
    async find(token) {
      const record = await records.findOne(valid(token))
      if (!record) return undefined
      const { _id, sealed, activationDigest } = record
      const invitation: Invitation = JSON.parse(encryption.decrypt(sealed, context(_id)))
      return { ...invitation, needsActivationCode: activationDigest !== undefined }
    },
    async checkActivationCode(token, typed) {
      // The try is counted before the comparison, so that concurrent requests never get one too many.
      const record = await records.findOneAndUpdate(valid(token), { $inc: { wrongCodes: 1 } })
      if (!record) return false
      if (record.activationDigest !== codeDigestOf(record._id, typed)) return false
      await records.updateOne({ _id: record._id }, { $inc: { wrongCodes: -1 } })
      return true
    },
    async use(token) {
      await records.deleteOne({ _id: idOf(token) })
    },
  }
}
