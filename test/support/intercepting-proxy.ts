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

/** Recognises the monitoring messages that MongoDB's driver sends on its own. */
export const isHeartbeat = (message: Buffer): boolean =>
  ['hello\0', 'ismaster\0', 'isMaster\0', 'ping\0'].some((name) =>
    message.subarray(26, 40).toString('latin1').startsWith(name),
  )

/** Returns the logical session id of an OP_MSG in hex. Its transaction stays open for a minute after the client is gone. */
export function sessionOf(message: Buffer): string | undefined {
  const text = message.toString('latin1')
  const at = text.indexOf('\x03lsid\0')
  // int32 length, 0x05 "id\0", int32 16, subtype 4, 16 bytes
  const start = at + '\x03lsid\0'.length + 4 + '\x05id\0'.length + 5
  return at < 0 ? undefined : message.subarray(start, start + 16).toString('hex')
}
