import { once } from 'node:events'
import { connect } from 'node:net'

/**
 * A request that the server has begun to read, and whose end is still to come. Its first half arrives in one piece with
 * a whole request; the answer to that one shows that both were read.
 */
export async function begunRequest(port: number, path: string) {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const whole = 'GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n'
  const half = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n`
  socket.write(whole + half)
  await once(socket, 'data')
  return {
    /** Sends the rest, and resolves with the answer. */
    async finish(): Promise<string> {
      socket.write('\r\n')
      const [answer] = await once(socket, 'data')
      return String(answer)
    },
  }
}
