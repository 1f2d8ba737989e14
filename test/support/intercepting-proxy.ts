import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'

/** `live`: the message arrives and is answered. `unsent`: it never arrives. `unanswered`: its answer is lost. */
export type Fate = 'live' | 'unsent' | 'unanswered'

/**
 * A TCP proxy to a store on loopback. It asks for the fate of each message before it forwards it. Unless that is `live`,
 * it calls `die` once the fate is fulfilled, and forwards nothing more in either direction.
 */
export async function interceptingProxy(
  serverPort: number,
  fateOf: (message: Buffer) => Fate | 'lost',
  die: () => void,
  isDead: () => boolean,
) {
  const server = createServer((client) => {
    const far = connect(serverPort, '127.0.0.1')
    for (const [end, other] of [
      [client, far],
      [far, client],
    ] as const) {
      end.on('error', () => end.destroy())
      end.on('close', () => other.destroy())
    }
    client.on('data', (message: Buffer) => {
      const fate = fateOf(message)
      if (fate === 'lost') return
      if (fate === 'unsent') return die()
      if (fate === 'unanswered') far.once('data', die)
      far.write(message)
    })
    far.on('data', (answer: Buffer) => {
      if (!isDead()) client.write(answer)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, close: () => server.close() }
}
