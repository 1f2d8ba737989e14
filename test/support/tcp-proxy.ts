import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type TcpProxy = {
  readonly port: number
  /** Requests still arrive at the server, but its answers are dropped. */
  swallowAnswers(): void
  /** Keeps the server's answers back until `mend`. */
  holdAnswers(): void
  /** Resolves when a connection sends this text; its answers are kept back until `mend`. All others go on. */
  holdAnswersTo(text: string): Promise<void>
  /** Breaks every open connection, and each new one until `mend`. */
  cut(): void
  mend(): void
  /** Redirects new connections to this port; existing connections stay. */
  leadTo(serverPort: number): void
  close(): Promise<void>
}

/** A TCP proxy to a server on loopback. It simulates network faults while the server itself keeps running. */
export async function tcpProxyTo(serverPort: number): Promise<TcpProxy> {
  let leadsTo = serverPort
  let state: 'whole' | 'swallowing' | 'cut' = 'whole'
  let awaited: { readonly text: string; readonly sent: () => void } | undefined
  const servers = new Set<Socket>()
  const ends = new Set<Socket>()
  const cut = () => {
    state = 'cut'
    for (const end of ends) end.destroy()
  }
  const server = createServer((client) => {
    if (state === 'cut') {
      client.destroy()
      return
    }
    const far = connect(leadsTo, '127.0.0.1')
    for (const [end, other] of [
      [client, far],
      [far, client],
    ] as const) {
      ends.add(end)
      end.on('error', () => end.destroy())
      end.on('close', () => {
        ends.delete(end)
        other.destroy()
      })
    }
    servers.add(far)
    far.on('close', () => servers.delete(far))
    client.on('data', (bytes) => {
      if (!awaited || !bytes.includes(awaited.text)) return
      far.pause()
      awaited.sent()
      awaited = undefined
    })
    client.pipe(far)
    far.on('data', (bytes) => {
      if (state !== 'swallowing') client.write(bytes)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    swallowAnswers: () => {
      state = 'swallowing'
    },
    cut,
    holdAnswers: () => {
      for (const far of servers) far.pause()
    },
    holdAnswersTo: (text) =>
      new Promise((sent) => {
        awaited = { text, sent }
      }),
    mend: () => {
      state = 'whole'
      awaited = undefined
      for (const far of servers) far.resume()
    },
    leadTo: (port) => {
      leadsTo = port
    },
    close: async () => {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
