import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { clientOf, playground } from '../../sandbox/clients.mjs'
import { playgroundService } from '../../sandbox/playground/playground.ts'
import { testPlatform } from './platform.ts'

const clientSecret = 'a-secret-of-the-tests-and-of-nothing-else'

/** Starts the playground beside the whole platform. `lines` is its log. */
export async function playgroundBesidePlatform() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const baseUrl = `http://localhost:${(server.address() as AddressInfo).port}`
  const platform = await testPlatform({ clients: [clientOf(playground, baseUrl, clientSecret)] })
  const lines: string[] = []
  const { issuer } = platform
  const service = playgroundService({
    ...{ issuer, clientId: playground.id, clientSecret, baseUrl },
    log: (line) => lines.push(line),
  })
  server.on('request', service.callback())
  return {
    baseUrl,
    platform,
    lines,
    clientSecret,
    async close() {
      server.close()
      server.closeAllConnections()
      await platform.close()
    },
  }
}
