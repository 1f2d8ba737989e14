import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exam } from '../../sandbox/exam/exam.ts'
import { relyingPartyService } from '../../sandbox/relying-party/relying-party-service.ts'
import { clientId, clientSecret, smallProvider } from './small-provider.ts'

/** Starts the exam service beside a small provider. `lines` is its log; a test sets its time with `clock.now`. */
export async function examBesideProvider() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const baseUrl = `http://localhost:${port}`
  const platform = await smallProvider([`${baseUrl}/callback`], `${baseUrl}/signed-out`)
  const lines: string[] = []
  const clock = { now: Date.now() }
  const app = relyingPartyService(exam, {
    issuer: platform.issuer,
    clientId,
    clientSecret,
    baseUrl,
    clock: () => clock.now,
    log: (line) => lines.push(line),
  })
  server.on('request', app.callback())
  return {
    baseUrl,
    platform,
    lines,
    clock,
    async stop() {
      server.close()
      server.closeAllConnections()
      await platform.stop()
    },
  }
}
