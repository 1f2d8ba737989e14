import cluster from 'node:cluster'
import { type Logger, pino } from 'pino'
import { BadEnvironment } from '../config/environment/bad-environment.ts'
import type { Environment } from '../config/environment/settings.ts'
import { platform } from './app.ts'
import { connectStores } from './compose/connections.ts'
import { readAllSettings } from './compose/settings/all-settings.ts'
import { threadsForHashing } from './compose/settings/hash-concurrency.ts'
import { ServiceUnreachable } from './ports/outage.ts'
import { superviseProcesses } from './process-supervisor.ts'
import { closedAfter, listenAt } from './web/http/http-server.ts'
import { metricsOfWorkers } from './worker-metrics.ts'

/** How long open requests may take after SIGTERM, in ms: longer than the slowest external service. */
const drainTimeout = 12_000

/** A report counts for three times as long (ports/process-reports.ts), in ms. */
const reportInterval = 5000

/** EX_CONFIG of sysexits.h. */
const badConfiguration = 78
/** EX_UNAVAILABLE. */
const unavailable = 69

try {
  const env = readAllSettings(process.env)
  const log = pino({ level: env.LOG_LEVEL })
  await (env.PROCESSES > 1 && cluster.isPrimary
    ? superviseProcesses(
        env.PROCESSES,
        addressesOf(env).length,
        threadsForHashing(env.PROCESSES),
        log,
      )
    : serve(env, log))
} catch (error) {
  if (error instanceof ServiceUnreachable) {
    console.error(error.reason)
    process.exit(unavailable)
  }
  if (!(error instanceof BadEnvironment)) throw error
  for (const problem of error.problems) console.error(problem)
  process.exit(badConfiguration)
}

/** Connects and listens; on SIGTERM or SIGINT finishes open requests and deferred work, then disconnects. */
async function serve(env: Environment, log: Logger): Promise<void> {
  const stores = await connectStores(env, log)
  const { app, admin, close, finish, settled, judge } = await platform({
    ...{ env, log },
    ...stores,
    ...(cluster.isWorker && { gatherMetrics: metricsOfWorkers }),
  })
  const servers = await Promise.all(
    addressesOf(env).map(({ isPublic, ...at }) =>
      listenAt(at, (isPublic ? app : admin).callback()),
    ),
  )
  // The reports keep the other processes informed even if no load balancer asks this one for its health.
  const reporting = setInterval(judge, reportInterval)
  const { HOST: host, PORT: port, ISSUER: issuer, ADMIN_PORT: adminPort } = env
  log.info({ host, port, issuer, ...(adminPort && { adminPort }) }, 'listening')

  let stopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop)
  function stop() {
    // Ctrl-C signals every process of the terminal, and the supervisor signals each worker once more.
    if (stopping) return
    stopping = true
    log.info('draining')
    clearInterval(reporting)
    const closed = [close(), ...servers.map((server) => closedAfter(server, drainTimeout))]
    Promise.all(closed)
      .then(settled)
      .then(finish)
      .then(stores.close)
      .then(() => {
        log.info('stopped')
        cluster.worker?.disconnect()
      })
      .catch((error: unknown) => log.error({ err: error }, 'failed while stopping'))
  }
}

/** The addresses to listen on: that of the public pages, and that of the operators if there is one. */
function addressesOf({ HOST, PORT, ADMIN_HOST, ADMIN_PORT }: Environment) {
  return [
    { isPublic: true, host: HOST, port: PORT },
    ...(ADMIN_PORT ? [{ isPublic: false, host: ADMIN_HOST, port: ADMIN_PORT }] : []),
  ]
}
