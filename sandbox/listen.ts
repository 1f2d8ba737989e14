import type Koa from 'koa'
import { httpServer } from '../src/web/http/http-server.ts'

/** Listens on HOST (loopback by default), and closes all connections on SIGTERM or SIGINT, so that the process ends. */
export function listen(app: Koa, port: number, name: string): void {
  const server = httpServer(app.callback()).listen(port, process.env['HOST'] || '127.0.0.1', () =>
    console.log(`${name}: http://localhost:${port}`),
  )
  server.on('error', (error) => {
    console.error(`${name} can't listen on port ${port}: ${error.message}`)
    process.exitCode = 1
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      server.close()
      server.closeAllConnections()
    })
}
