import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import { ownPort } from './own-port.ts'

/** `up` accepts the message, `down` refuses the connection, `hangs` never answers, `broken` answers with 500. */
export type Condition = 'up' | 'down' | 'hangs' | 'broken'

export type LogoutListener = {
  readonly uri: string
  /** The accepted logout tokens, in order. */
  readonly tokens: readonly string[]
  /** The time of the first accepted token, by `performance.now`. */
  firstTokenAt(): number | undefined
  become(condition: Condition): Promise<void>
}

/** Starts back-channel logout endpoints, each on its own port. */
export async function logoutListeners(count: number) {
  const servers: Server[] = []
  const listeners = await Promise.all(Array.from({ length: count }, () => listen(servers)))
  return {
    listeners,
    close() {
      for (const server of servers) {
        server.close()
        server.closeAllConnections()
      }
    },
  }
}

async function listen(servers: Server[]): Promise<LogoutListener> {
  let condition: Condition = 'up'
  let first: number | undefined
  const tokens: string[] = []
  const server = createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request))
    if (condition === 'hangs') return
    if (condition === 'up') {
      first ??= performance.now()
      tokens.push(form.get('logout_token') ?? '')
    }
    response.writeHead(condition === 'up' ? 200 : 500).end()
  })
  servers.push(server)
  const open = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  const port = await ownPort()
  await open(port)
  return {
    uri: `http://127.0.0.1:${port}/backchannel-logout`,
    tokens,
    firstTokenAt: () => first,
    async become(next) {
      if (next === 'down') {
        server.close()
        server.closeAllConnections()
      } else if (condition === 'down') await open(port)
      else server.closeAllConnections()
      condition = next
    },
  }
}
