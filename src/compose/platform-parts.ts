import { readBanks } from '../../config/banks.ts'
import { readCommonPasswords } from '../../config/common-passwords.ts'
import { loopbackHosts } from '../../config/environment/setting-types.ts'
import { readLegalTexts } from '../../config/legal-texts.ts'
import { policy as policyOf } from '../../config/limits-and-lifetimes.ts'
import { eraseAccount } from '../account/account-erasure.ts'
import { auditUpkeep } from '../adapters/audit/audit-upkeep.ts'
import { passwordsArgon2 } from '../adapters/crypto/passwords-argon2.ts'
import { pepperedPasswords } from '../adapters/crypto/peppered-passwords.ts'
import { instrumentation as instrumentationOf } from '../adapters/instrumentation/instrumentation.ts'
import { observeMongodb } from '../adapters/instrumentation/observed-mongodb.ts'
import { observedRedis } from '../adapters/instrumentation/observed-redis.ts'
import { locateAddressIp2region } from '../adapters/locate-address-ip2region.ts'
import { processMetrics } from '../adapters/metrics/process-metrics.ts'
import { scrape } from '../adapters/metrics/scrape.ts'
import { migrateSchema } from '../adapters/mongo/migrations/migrate-schema.ts'
import { recordRedisSchema } from '../adapters/redis/schema-version-redis.ts'
import { deferInProcess } from '../adapters/tasks/defer-in-process.ts'
import { taskWorker } from '../adapters/tasks/task-worker.ts'
import { loadTraces } from '../adapters/traces/load-traces.ts'
import { pushEvents } from '../events/push-events.ts'
import { runSignOutTask } from '../notices/sign-out-task.ts'
import { sendNotice } from '../notices/sms-notice.ts'
import { endpointsOf } from '../sso/clients/actions/endpoints.ts'
import { managedClients } from '../sso/clients/actions/managed-clients.ts'
import { clientProblemOf } from '../sso/clients/apply-file-clients.ts'
import { callersByToken } from '../sso/clients/callers-by-token.ts'
import { clientLinks } from '../sso/clients/client-links.ts'
import { certificateHeaders } from '../sso/provider/features/mutual-tls.ts'
import { accountSessions } from '../sso/sessions/account-sessions.ts'
import { sendLogoutToken } from '../sso/sessions/back-channel-logout.ts'
import { admission, boundedClasses } from '../web/admission/admission.ts'
import { loopDelay } from '../web/admission/loop-delay.ts'
import { readiness } from '../web/health/readiness.ts'
import { assets } from '../web/page/assets.ts'
import { pageRenderer, siteOf } from '../web/page/render-page.ts'
import { externalServices } from './external-services.ts'
import { limitAlarms } from './limit-alarms.ts'
import { managedKeys } from './managed-keys.ts'
import { operatorName } from './operator-name.ts'
import type { PlatformInput } from './platform-input.ts'
import { platformKeys } from './platform-keys.ts'
import { readBrandLogo } from './settings/brand-logo.ts'
import { hashConcurrency } from './settings/hash-concurrency.ts'
import { singleSignOn } from './single-sign-on.ts'
import { withOutages } from './store-outages.ts'
import { platformStores, processReports } from './stores.ts'

type Optional = 'clock' | 'policy' | 'metrics' | 'instrumentation'

/** Composes the parts that the app needs: ports, the OpenID Provider, pages, and the workers of tasks. */
export async function platformParts(
  given: Omit<PlatformInput, Optional> & Partial<Pick<PlatformInput, Optional>>,
) {
  const { env, log } = given
  const metrics = processMetrics()
  const traces = await loadTraces(env, log)
  const instrumentation = instrumentationOf(metrics, traces)
  const stopObserving = observeMongodb(given.mongodb, instrumentation)
  const input = {
    ...{ clock: Date.now, policy: policyOf(env.LIMITS_SCALE), metrics, instrumentation },
    ...given,
    redis: observedRedis(given.redis, instrumentation),
  }
  const { clock, policy } = input

  await migrateSchema(given.mongodb, log)
  await recordRedisSchema({ redis: given.redis, keyPrefix: env.REDIS_PREFIX })
  const keys = await platformKeys(input)
  const stores = await platformStores(input, keys)
  const services = externalServices(input, stores)
  const { defer, settled } = deferInProcess(log, policy.deferredWork)
  const legalTexts = readLegalTexts(env)
  const agreementVersions = {
    terms: legalTexts.terms.version,
    privacy: legalTexts.privacy.version,
  }
  const files = assets(readBrandLogo(env.BRAND_LOGO))
  const render = pageRenderer(siteOf(env), files, clock, stores.announcements)
  const sso = await singleSignOn(input, stores, agreementVersions, render)

  for (const name of boundedClasses) metrics.countRefused(name, 0)
  const delay = loopDelay()
  const ports = {
    ...stores,
    ...services,
    ...{ agreementVersions, clock, defer, policy },
    banks: readBanks(env.BANKS_FILE),
    delivery: sso.delivery,
    jwksUri: () => sso.current().urlFor('jwks'),
    plainHosts: [...env.INTERNAL_HOSTS, ...(env.BACKCHANNEL_LOOPBACK ? loopbackHosts : [])],
    clientLinks: clientLinks(sso.current, stores.clients),
    callers: callersByToken(sso.current, { clock, certificates: certificateHeaders(env) }),
    issuer: env.ISSUER,
    managedClients: managedClients({
      ...{ clients: stores.clients, clock },
      keepSecret: policy.clients.keepSecret,
      adminOrigin: env.ADMIN_ORIGIN,
      endpoints: () => endpointsOf(sso.current()),
      providerProblem: (metadata) => clientProblemOf(metadata, sso.current()),
    }),
    managedKeys: withOutages(managedKeys(input, stores.signingKeys)),
    passwordRules: { common: readCommonPasswords(), classes: env.PASSWORD_CLASSES },
    passwords: pepperedPasswords(
      passwordsArgon2(
        policy.argon2,
        hashConcurrency(env.PROCESSES),
        stores.hashCosts,
        metrics.setHashQueue,
      ),
      keys.pepper,
    ),
    phoneRegions: env.PHONE_REGIONS,
    locateAddress: locateAddressIp2region(),
    accountSessions: accountSessions(sso.current, stores.storage, stores.tasks, stores.eventQueue),
  }
  metrics.watchBreakers({
    ...{ bank: services.bank, sms: services.smsGateway },
    ...{ 'number-age': services.numberAges, registry: services.registry },
  })
  const { judge, drain } = readiness(await processReports(input), log)
  const handlers = {
    sms: sendNotice(services.smsGateway, stores.audit, operatorName()),
    logout: sendLogoutToken(sso.current, stores.storage, { clock, policy: policy.tasks.logout }),
    'sign-out': runSignOutTask(ports.accountSessions),
    erase: eraseAccount(ports),
    push: pushEvents({ ...ports, log }),
  }
  const upkeep = auditUpkeep(stores.audit, policy.audit, log)
  const alarms = limitAlarms({ ...stores, clock, log }, policy.operators.limitAlarm)
  const worker = taskWorker({ queue: stores.tasks, handlers, policy: policy.tasks, log })
  return {
    ...{ ports, current: sso.current, files, render, legalTexts, instrumentation },
    /** Decides which requests this process still serves. */
    admission: admission(policy.admission, {
      loopDelay: delay.standing,
      hashWait: ports.passwords.expectedWait,
    }),
    countRefused: metrics.countRefused,
    /** The text of `/metrics`. */
    scrape: scrape(metrics, ports, given.gatherMetrics),
    /** Checks whether the stores answer, and reports the result to the other processes. */
    judge,
    /** Stops the workers and resolves when running and deferred work has finished. The stores stay connected. */
    async close() {
      drain()
      delay.stop()
      await Promise.all([worker.stop(), sso.close(), settled()])
      await Promise.all([upkeep.stop(), alarms.stop()])
      await Promise.all([stores.stopPolling(), stores.counters.stop()])
      await keys.stop()
      stopObserving()
    },
    /** Resolves when the deferred work of every answered request has finished. */
    settled,
    /** Signs heads for the audit events that were recorded since `close`, ends the connection to syslog, stores counters. */
    async finish() {
      await Promise.all([upkeep.finish(), stores.counters.flush()])
      await traces?.stop()
    },
  }
}
