import cluster from 'node:cluster'
import { once } from 'node:events'
import { type Logger, pino } from 'pino'
import { BadEnvironment } from '../config/environment/bad-environment.ts'
import type { Environment } from '../config/environment/settings.ts'
import { platform } from './app.ts'
import { connectStores } from './compose/connections.ts'
import { readAllSettings } from './compose/settings/all-settings.ts'
import { superviseProcesses } from './process-supervisor.ts'
import { httpServer } from './web/http/http-server.ts'

/** How long open requests may take after SIGTERM, in ms: longer than the slowest external service. */
const drainTimeout = 12_000

/** A report counts for three times as long (ports/process-reports.ts), in ms. */
const reportInterval = 5000

/** EX_CONFIG of sysexits.h. */
const badConfiguration = 78

try {
  const env = readAllSettings(process.env)
  const log = pino({ level: env.LOG_LEVEL })
  await (env.PROCESSES > 1 && cluster.isPrimary
    ? superviseProcesses(env.PROCESSES, log)
    : serve(env, log))
} catch (error) {
  if (!(error instanceof BadEnvironment)) throw error
  for (const problem of error.problems) console.error(problem)
  process.exit(badConfiguration)
}

/** Connects and listens; on SIGTERM or SIGINT finishes open requests and deferred work, then disconnects. */
async function serve(env: Environment, log: Logger): Promise<void> {
  const stores = await connectStores(env, log)
  const { app, close, settled, judge } = await platform({ ...{ env, log }, ...stores })
  const server = httpServer(app.callback()).listen(env.PORT, env.HOST)
  await once(server, 'listening')
  // The reports keep the other processes informed even if no load balancer asks this one for its health.
  const reporting = setInterval(judge, reportInterval)
  log.info({ host: env.HOST, port: env.PORT, issuer: env.ISSUER }, 'listening')

  let stopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop)
  function stop() {
    // Ctrl-C signals every process of the terminal, and the supervisor signals each worker once more.
    if (stopping) return
    stopping = true
    log.info('draining')
    clearInterval(reporting)
    setTimeout(() => server.closeAllConnections(), drainTimeout).unref()
    server.closeIdleConnections()
    const closed = close()
    server.close(async () => {
      await closed
      await settled()
      await stores.close()
      log.info('stopped')
      cluster.worker?.disconnect()
    })
  }
}
