import type { Redis } from 'ioredis'
import Koa from 'koa'
import type { Connection } from 'mongoose'
import type { Logger } from 'pino'
import { readBanks } from '../config/banks.ts'
import { readCommonPasswords } from '../config/common-passwords.ts'
import type { Environment } from '../config/env.ts'
import { readLegalTexts } from '../config/legal-texts.ts'
import { type Policy, policy as policyOf } from '../config/policy.ts'
import { accountRoutes } from './account/account.ts'
import { eraseAccount } from './account/erasure.ts'
import { sealing as sealingWith } from './adapters/crypto/encryption.ts'
import { lanesBeside, passwordsArgon2 } from './adapters/crypto/passwords-argon2.ts'
import { accountsMongo } from './adapters/mongo/accounts-mongo.ts'
import { auditMongo } from './adapters/mongo/audit-mongo.ts'
import { casesMongo } from './adapters/mongo/cases-mongo.ts'
import { clientsMongo } from './adapters/mongo/clients-mongo.ts'
import { actsMongo } from './adapters/mongo/idempotent-requests-mongo.ts'
import { recordKeys } from './adapters/mongo/key-check-values.ts'
import { oidcMongo } from './adapters/mongo/oidc-mongo.ts'
import { type NewKey, signingKeysMongo } from './adapters/mongo/signing-keys-mongo.ts'
import { placesIp2region } from './adapters/places-ip2region.ts'
import { heldOfAccounts } from './adapters/redis/account-cache.ts'
import { accountsHeld } from './adapters/redis/cached-accounts.ts'
import { clientsCached } from './adapters/redis/cached-clients.ts'
import { grantsHeld } from './adapters/redis/cached-grants.ts'
import { captchasRedis } from './adapters/redis/captchas-redis.ts'
import { flowsRedis } from './adapters/redis/flows-redis.ts'
import { limitsRedis } from './adapters/redis/limits-redis.ts'
import { oidcRedis } from './adapters/redis/oidc-redis.ts'
import { smsCodesRedis } from './adapters/redis/sms-codes-redis.ts'
import { triesRedis } from './adapters/redis/tries-redis.ts'
import { background } from './adapters/tasks/deferred-work.ts'
import { taskWorker } from './adapters/tasks/task-worker.ts'
import { tasksMongo } from './adapters/tasks/tasks-mongo.ts'
import {
  chosenBank,
  chosenNumberAges,
  chosenRegistry,
  chosenSms,
} from './compose/external-services.ts'
import { oidcStorage } from './compose/oidc-storage.ts'
import { operator } from './compose/operator-name.ts'
import { readBrandLogo } from './compose/settings/brand-logo.ts'
import { guideRoutes } from './home/help.ts'
import { homeRoutes } from './home/home.ts'
import { legalTextRoutes } from './home/legal-texts.ts'
import { wellKnownRoutes } from './home/well-known.ts'
import { sendNotice } from './notices/notice.ts'
import { signOutNow } from './notices/sign-out-task.ts'
import { handlerChange } from './organisations/handler-change.ts'
import { legalRepresentative } from './organisations/legal-representative.ts'
import { passwordRecovery } from './password-recovery/password-recovery.ts'
import { phoneChange } from './phone-change/phone-change.ts'
import type { Clock } from './ports/clock.ts'
import { organisationRegistration } from './registration/organisation.ts'
import { registration } from './registration/registration.ts'
import { callers } from './sso/clients/callers.ts'
import { readClients } from './sso/clients/client-files.ts'
import { businessSystems } from './sso/clients/client-links.ts'
import { crossOrigin } from './sso/clients/cross-origin.ts'
import { ownClients } from './sso/clients/own-file-clients.ts'
import { followKeys } from './sso/keys/current-provider.ts'
import { entrance } from './sso/login/account-login.ts'
import { interactionRoutes } from './sso/login/interaction-routes.ts'
import { endpointMethods } from './sso/provider/endpoint-methods.ts'
import { certificateHeaders } from './sso/provider/features/mutual-tls.ts'
import { registrationOf } from './sso/provider/features/registration.ts'
import { insideOurApp, providerDocuments, providerRoutes } from './sso/provider/mount.ts'
import { outgoing } from './sso/provider/outgoing-requests.ts'
import { ssoProvider } from './sso/provider/provider.ts'
import { providerPages } from './sso/provider/provider-pages.ts'
import { signIns } from './sso/sessions/account-sessions.ts'
import { queueLogouts, sendLogoutToken } from './sso/sessions/back-channel-logout.ts'
import { logoutPage } from './sso/sessions/logout-page.ts'
import { endLateSignIns } from './sso/sessions/stale-sessions.ts'
import { stepUpRoutes } from './sso/step-up/routes.ts'
import { problemsOrPages } from './terminals/answer.ts'
import { terminalRoutes } from './terminals/terminals.ts'
import { usernameRecovery } from './username-recovery/username-recovery.ts'
import type { WebState } from './web/context.ts'
import { flowRoutes } from './web/flow/routes.ts'
import { errorPages, errors, otherMethods } from './web/http/errors.ts'
import { headers, sameOriginForms } from './web/http/headers.ts'
import { health } from './web/http/health.ts'
import { issuerHost } from './web/http/issuer-host.ts'
import { preferences } from './web/http/preferences.ts'
import { requestLog } from './web/http/request-log.ts'
import { scriptRedirects } from './web/http/script-redirects.ts'
import { assets } from './web/page/assets.ts'
import { captchaRoutes } from './web/page/captcha-routes.ts'
import { pages, siteOf } from './web/page/page.ts'

export type Surroundings = {
  readonly env: Environment
  readonly mongodb: Connection
  readonly redis: Redis
  readonly log: Logger
  readonly clock?: Clock
  /** Other numbers than the environment's, for tests. */
  readonly policy?: Policy
  /** Other signing keys than new ones, for tests: making one takes long. */
  readonly newKey?: NewKey
}

export type Platform = {
  readonly app: Koa<WebState>
  /** Ends the work in the background, and resolves when what is under way has finished. The stores stay open. */
  close(): Promise<void>
  /** Resolves when no answered request has left work behind any more. */
  settled(): Promise<void>
}

/** The whole system: its ports, its capabilities, and the order in which a request meets them. */
export async function platform({
  env,
  mongodb: connection,
  redis,
  log,
  clock = Date.now,
  policy = policyOf(env.LIMITS_SCALE),
  newKey,
}: Surroundings): Promise<Platform> {
  await recordKeys(connection, env)
  const sealing = sealingWith(env.DATA_KEYS, env.DIGEST_KEY)
  const inMongo = { connection, sealing, clock }
  const inRedis = { redis, keyPrefix: env.REDIS_PREFIX, sealing, clock }

  const tasks = await tasksMongo({ ...inMongo, policy: policy.tasks })
  const held = heldOfAccounts(inRedis)
  const accounts = accountsHeld(
    await accountsMongo(connection, sealing, clock, tasks.insertTasks),
    held,
  )
  const audit = await auditMongo({ ...inMongo, policy: policy.audit })
  const cases = await casesMongo({ ...inMongo, policy: policy.cases })
  const flows = flowsRedis({ ...inRedis, policy: policy.flow })
  const smsCodes = smsCodesRedis({ ...inRedis, policy: policy.smsCode })
  const limits = limitsRedis(inRedis)
  const tries = triesRedis(inRedis)
  const captchas = captchasRedis({
    ...inRedis,
    ...policy.captcha,
    fixedAnswer: env.CAPTCHA_FIXED_ANSWER,
  })
  const passwords = passwordsArgon2(policy.argon2, lanesBeside(env.PROCESSES))
  const passwordRules = { common: readCommonPasswords(), classes: env.PASSWORD_CLASSES }
  const outside = { env, policy, clock, log }
  const { later, settled } = background(log, policy.later)
  const bank = chosenBank(outside)
  const smsGateway = chosenSms(outside)
  const numberAges = chosenNumberAges(outside)
  const registry = chosenRegistry(outside)
  const clients = clientsCached(clientsMongo(inMongo), inRedis)
  const durable = grantsHeld(await oidcMongo(inMongo), held, inRedis)
  const storage = oidcStorage(oidcRedis(inRedis), durable)
  const signingKeys = signingKeysMongo({ ...inMongo, ...(newKey && { newKey }) })

  const legalTexts = readLegalTexts(env)
  const agreementVersions = {
    terms: legalTexts.terms.version,
    privacy: legalTexts.privacy.version,
  }
  const https = env.ISSUER.startsWith('https:')
  const files = assets(readBrandLogo(env.BRAND_LOGO))
  const render = pages(siteOf(env), files, clock)
  const fetch = outgoing(env.BACKCHANNEL_LOOPBACK, env.INTERNAL_HOSTS)
  const oidc = {
    ...{
      storage,
      clients,
      accounts,
      agreementVersions,
      audit,
      captchas,
      clock,
      limits,
      policy,
      fetch,
    },
    pairwiseSubject: (sector: string, accountId: string) =>
      sealing.digest('oidc.pairwise', JSON.stringify([sector, accountId])),
    certificates: certificateHeaders(env),
    registration: registrationOf(env),
    implicitFlow: env.IMPLICIT_FLOW,
  }
  const oidcPages = providerPages(render, oidc, env.SANDBOX_CLIENTS_FILE !== undefined)
  const { current, close: stopFollowing } = await followKeys(
    signingKeys,
    (keys) => {
      const provider = ssoProvider(env.ISSUER, keys, env.COOKIE_KEYS, oidc, oidcPages)
      return insideOurApp(queueLogouts(provider, storage, tasks))
    },
    { clock, policy: policy.keys, log },
  )
  await ownClients(current(), readClients(env), { store: clients, audit }, operator())

  const ports = {
    ...{
      accounts,
      agreementVersions,
      audit,
      bank,
      banks: readBanks(env.BANKS_FILE),
      businessSystems: businessSystems(current, clients),
    },
    ...{
      captchas,
      cases,
      clock,
      flows,
      later,
      limits,
      numberAges,
      passwords,
      passwordRules,
      places: placesIp2region(),
      policy,
      registry,
      smsCodes,
      signIns: signIns(current, storage, tasks),
      smsGateway,
      tasks,
      tries,
    },
    phoneRegions: env.PHONE_REGIONS,
  }

  const acts = await actsMongo({ ...inMongo, policy: policy.terminals })
  const forMachines = { ...ports, acts, callers: callers(current), issuer: env.ISSUER }

  const accountEntrance = entrance(current, env.COOKIE_KEYS, policy, clock)
  const app = new Koa<WebState>({ proxy: env.TRUST_PROXY > 0, maxIpsCount: env.TRUST_PROXY })
  app.keys = env.COOKIE_KEYS
  const wellKnown = { issuer: env.ISSUER, securityContact: env.SECURITY_CONTACT, clock }
  const ready = {
    mongodb: () => connection.db?.admin().ping() ?? refused(),
    redis: () => redis.ping(),
  }
  app
    .use(health(ready).routes())
    .use(requestLog)
    .use(errors(log, problemsOrPages(errorPages(render), clock)))
    .use(otherMethods())
    .use(headers(https))
    .use(scriptRedirects)
    .use(files.serve)
    .use(wellKnownRoutes(wellKnown).routes())
    .use((_ctx, next) => clients.during(next))
    .use(crossOrigin(clients))
    .use(providerDocuments(current, policy.keys.cache))
    .use(terminalRoutes(forMachines).routes())
    .use(preferences(https))
    .use(logoutPage(storage, audit, render))
    .use(endLateSignIns(accounts, storage))
    .use(providerRoutes(current, render))
    .use(endpointMethods(current))
    .use(issuerHost(env.ISSUER))
    .use(sameOriginForms(new URL(env.ISSUER).origin))
    .use(captchaRoutes(captchas).routes())
    .use(homeRoutes(render).routes())
    .use(guideRoutes(ports.banks, render).routes())
    .use(legalTextRoutes(legalTexts, render).routes())
    .use(interactionRoutes(current, env.COOKIE_KEYS, ports, render).routes())
    // Before the other one, to which it would be a flow with this id.
    .use(flowRoutes(organisationRegistration, ports, render).routes())
    .use(flowRoutes(registration, ports, render).routes())
    .use(flowRoutes(handlerChange, ports, render).routes())
    .use(flowRoutes(legalRepresentative, ports, render).routes())
    .use(flowRoutes(usernameRecovery, ports, render).routes())
    .use(flowRoutes(phoneChange, ports, render).routes())
    .use(flowRoutes(passwordRecovery, ports, render).routes())
    .use(stepUpRoutes(accountEntrance, ports, render).routes())
    .use(accountRoutes(accountEntrance, ports, render).routes())

  const handlers = {
    sms: sendNotice(smsGateway),
    logout: sendLogoutToken(current, storage, { clock, policy: policy.tasks.logout }),
    'sign-out': signOutNow(ports.signIns),
    erase: eraseAccount(ports),
  }
  const worker = taskWorker({ queue: tasks, handlers, policy: policy.tasks, log })
  const close = async () => void (await Promise.all([worker.stop(), stopFollowing(), settled()]))
  return { app, close, settled }
}

const refused = () => Promise.reject(new Error('not connected'))
