import { Provider } from 'oidc-provider'
import { auditMongo } from '../adapters/audit/audit-mongo.ts'
import { headLog } from '../adapters/audit/head-log.ts'
import { captchaAnswersRedis } from '../adapters/captcha/captcha-answers-redis.ts'
import { captchasRedis } from '../adapters/captcha/captchas-redis.ts'
import {
  countedAudit,
  countedBudgets,
  countedCodes,
  countedLimits,
  countedTries,
} from '../adapters/counters/counted-ports.ts'
import { countersMongo } from '../adapters/counters/counters-mongo.ts'
import { eventQueueMongo } from '../adapters/events/event-queue-mongo.ts'
import { eventStreamsMongo } from '../adapters/events/event-streams-mongo.ts'
import { pushClaimsMongo } from '../adapters/events/push-claims-mongo.ts'
import { removeStreamIn } from '../adapters/events/remove-stream.ts'
import { meteredCounters } from '../adapters/metrics/metered-counters.ts'
import { accountsMongo } from '../adapters/mongo/accounts-mongo.ts'
import { casesMongo } from '../adapters/mongo/cases-mongo.ts'
import { clientsMongo } from '../adapters/mongo/clients-mongo.ts'
import { endedRecordsMongo } from '../adapters/mongo/ended-records-mongo.ts'
import { idempotentRequestsMongo } from '../adapters/mongo/idempotent-requests-mongo.ts'
import { oidcMongo } from '../adapters/mongo/oidc-mongo.ts'
import { processReportsMongo } from '../adapters/mongo/process-reports-mongo.ts'
import { signingKeysMongo } from '../adapters/mongo/signing-keys-mongo.ts'
import { hashCostsMongo } from '../adapters/mongo/unproved/hash-costs-mongo.ts'
import { unprovedAccountsMongo } from '../adapters/mongo/unproved/unproved-accounts-mongo.ts'
import { counterProofsMongo } from '../adapters/operators/counter-proofs-mongo.ts'
import { accountCache } from '../adapters/redis/account-cache.ts'
import { bankAnswersRedis } from '../adapters/redis/bank-answers-redis.ts'
import { budgetsRedis } from '../adapters/redis/budgets-redis.ts'
import { cachedAccounts } from '../adapters/redis/cached-accounts.ts'
import { cachedClients } from '../adapters/redis/cached-clients.ts'
import { cachedGrants } from '../adapters/redis/cached-grants.ts'
import { flowsRedis } from '../adapters/redis/flows-redis.ts'
import { lastingEnds } from '../adapters/redis/lasting-ends.ts'
import { limitsPerRequest } from '../adapters/redis/limits-per-request.ts'
import { limitsRedis } from '../adapters/redis/limits-redis.ts'
import { hintedIds } from '../adapters/redis/oidc/hinted-ids.ts'
import { oidcRedis } from '../adapters/redis/oidc-redis.ts'
import { openRequestsRedis } from '../adapters/redis/open-requests-redis.ts'
import { processReportsRedis } from '../adapters/redis/process-reports-redis.ts'
import { smsCodesRedis } from '../adapters/redis/sms-codes-redis.ts'
import { triesRedis } from '../adapters/redis/tries-redis.ts'
import { tasksMongo } from '../adapters/tasks/tasks-mongo.ts'
import { syslogOutlets } from './audit-outlets.ts'
import { boundedAudit } from './bounded-audit.ts'
import { budgetAlarm, budgetAmounts, countUsedCodes } from './budgets.ts'
import { oidcModelStores } from './oidc-model-stores.ts'
import { operatorStores } from './operator-stores.ts'
import type { PlatformInput } from './platform-input.ts'
import type { PlatformKeys } from './platform-keys.ts'
import { signedInClients, withPushes } from './push-tasks.ts'
import { withOutages } from './store-outages.ts'

export type Stores = Awaited<ReturnType<typeof platformStores>>

/** The stores of the platform, behind their ports. Creates the indexes first. */
export async function platformStores(
  { env, mongodb, redis, clock, policy, log, newKey, metrics }: PlatformInput,
  keys: PlatformKeys,
) {
  const inMongo = { connection: mongodb, encryption: keys.inMongo, clock }
  const inRedis = { redis, keyPrefix: env.REDIS_PREFIX, encryption: keys.inRedis, clock }

  const presentRequest = () => Provider.ctx

  const tasks = await tasksMongo({ ...inMongo, policy: policy.tasks })
  const { insertTasks } = tasks
  const { use: useCounterProof, ...counterProofs } = await counterProofsMongo({
    ...{ ...inMongo, insertTasks },
    policy: policy.counterProofs,
  })
  const hashCosts = await hashCostsMongo(mongodb, log)
  const cache = accountCache({ ...inRedis, presentRequest })
  const durableRecords = cachedGrants(await oidcMongo(inMongo), cache, inRedis)
  const { insertEvents, ...eventQueue } = await eventQueueMongo({
    ...{ ...inMongo, policy: policy.events },
    clientsOf: (accountId) => signedInClients(accountId, durableRecords),
  })
  const durableAccounts = await accountsMongo({
    ...{ ...inMongo, insertEvents, insertTasks, useCounterProof },
  })
  const audit = await auditMongo({
    ...{ ...inMongo, log },
    keepDays: env.AUDIT_KEEP_DAYS,
    outlets: [headLog(log), ...syslogOutlets(env, log)],
  })
  const forOperators = await operatorStores({ ...inMongo, log }, inRedis, policy.operators)
  const alarm = budgetAlarm(log, audit, forOperators.alerts)
  const stored = await countersMongo({ ...inMongo, log, policy: policy.counters })
  const counters = meteredCounters(stored, metrics)
  const paid = budgetsRedis(inRedis, budgetAmounts(env), policy.budgets, alarm)
  const budgets = countedBudgets(paid, counters)
  const limits = countedLimits(limitsRedis(inRedis), counters)
  const codes = countUsedCodes(smsCodesRedis({ ...inRedis, policy: policy.smsCode }), budgets)
  return withOutages({
    ...forOperators,
    tasks: withPushes(tasks, pushClaimsMongo({ ...inMongo, policy }), eventQueue.whenAdded),
    ...{ counterProofs, eventQueue },
    eventStreams: await eventStreamsMongo(inMongo),
    accounts: cachedAccounts(durableAccounts, cache),
    unprovedAccounts: await unprovedAccountsMongo(inMongo),
    hashCosts,
    audit: countedAudit(boundedAudit(audit, limits, policy.repeatedEvents, log), counters),
    ...{ budgets, counters },
    cases: await casesMongo({ ...inMongo, policy: policy.cases }),
    idempotentRequests: await idempotentRequestsMongo({ ...inMongo, policy: policy.terminals }),
    signingKeys: signingKeysMongo({ ...inMongo, ...(newKey && { newKey }) }),
    clients: cachedClients(clientsMongo({ ...inMongo, removeStream: removeStreamIn(mongodb) }), {
      ...inRedis,
      presentRequest,
    }),
    storage: oidcModelStores(
      lastingEnds(
        oidcRedis({ ...inRedis, presentRequest, unopened: policy.openRequests.unopened }),
        ...([durableRecords, await endedRecordsMongo(inMongo), cache] as const),
      ),
      durableRecords,
      cache,
      hintedIds(keys.inRedis),
    ),
    flows: flowsRedis({ ...inRedis, policy: policy.flow }),
    smsCodes: countedCodes(codes, counters),
    limits: limitsPerRequest(limits),
    openRequests: openRequestsRedis(inRedis),
    tries: countedTries(triesRedis(inRedis), counters),
    bankAnswers: bankAnswersRedis({ ...inRedis, policy: policy.externalServices }),
    captchaAnswers: captchaAnswersRedis(inRedis),
    captchas: captchasRedis({
      ...inRedis,
      ...policy.captcha,
      fixedAnswer: env.CAPTCHA_FIXED_ANSWER,
    }),
    /** Ends the reading of the copies in memory. */
    async stopPolling() {
      await Promise.all([forOperators.stopPolling(), hashCosts.stop()])
    },
    pairwiseSubject: (sector: string, accountId: string) =>
      keys.inMongo.blindIndex('oidc.pairwise', JSON.stringify([sector, accountId])),
  })
}

/** Without `withOutages`: readiness logs the store's own error, which an `Outage` hides. */
export async function processReports({ env, mongodb, redis, clock }: PlatformInput) {
  return {
    mongodb: await processReportsMongo({ connection: mongodb, clock }),
    redis: processReportsRedis({ redis, keyPrefix: env.REDIS_PREFIX, clock }),
  }
}
