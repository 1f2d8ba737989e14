import type { mongo } from 'mongoose'
import { auditHeadIndexes, auditIndexes } from '../adapters/audit/audit-collection.ts'
import { counterIndexes } from '../adapters/counters/counters-mongo.ts'
import {
  eventIndexes,
  streamIndexes,
  unwantedSubjectIndexes,
} from '../adapters/events/event-records.ts'
import { accountSchema } from '../adapters/mongo/account-schema.ts'
import { caseIndexes } from '../adapters/mongo/cases-mongo.ts'
import { clientIndexes } from '../adapters/mongo/clients-mongo.ts'
import { dataKeyReaderIndexes } from '../adapters/mongo/data-keys/follow-data-keys.ts'
import { endedRecordIndexes } from '../adapters/mongo/ended-records-mongo.ts'
import { idempotentRequestIndexes } from '../adapters/mongo/idempotent-requests-mongo.ts'
import { nameOf } from '../adapters/mongo/oidc-lookups.ts'
import { durableModelIndexes, durableModels } from '../adapters/mongo/oidc-mongo.ts'
import { processReportIndexes } from '../adapters/mongo/process-reports-mongo.ts'
import { unprovedIndexes } from '../adapters/mongo/unproved/unproved-record.ts'
import { alertIndexes } from '../adapters/operators/alerts-mongo.ts'
import { announcementIndexes } from '../adapters/operators/announcements-mongo.ts'
import { auditExportIndexes } from '../adapters/operators/audit-exports-mongo.ts'
import { counterProofIndexes } from '../adapters/operators/counter-proofs-mongo.ts'
import { invitationIndexes } from '../adapters/operators/invitations-mongo.ts'
import { operatorIndexes } from '../adapters/operators/operators-mongo.ts'
import { reviewIndexes } from '../adapters/operators/reviews-mongo.ts'
import { taskIndexes } from '../adapters/tasks/tasks-mongo.ts'

const accountIndexes = accountSchema
  .indexes()
  .map(([key, { unique }]) => ({ key, ...(unique && { unique: true }) }) as mongo.IndexDescription)

/** The indexes that a start builds, by collection. `test/contract/indexes.test.ts` compares them with those of a database. */
export const allIndexes: Readonly<Record<string, readonly mongo.IndexDescription[]>> = {
  accounts: accountIndexes,
  acts: idempotentRequestIndexes,
  announcements: announcementIndexes,
  audit: auditIndexes,
  audit_exports: auditExportIndexes,
  audit_heads: auditHeadIndexes,
  cases: caseIndexes,
  clients: clientIndexes,
  counter_proofs: counterProofIndexes,
  counters: counterIndexes,
  data_key_readers: dataKeyReaderIndexes,
  ended: endedRecordIndexes,
  event_streams: streamIndexes,
  operator_alerts: alertIndexes,
  operator_invitations: invitationIndexes,
  operators: operatorIndexes,
  processes: processReportIndexes,
  reviews: reviewIndexes,
  stream_events: eventIndexes,
  tasks: taskIndexes,
  unproved_accounts: unprovedIndexes,
  unwanted_subjects: unwantedSubjectIndexes,
  ...Object.fromEntries(durableModels.map((model) => [nameOf(model), durableModelIndexes])),
}
