import { once } from 'node:events'
import { connect } from 'node:net'

/**
 * Sends the first half of a request, together with a complete request. The answer to the complete one shows that the
 * server has read both.
 */
export async function begunRequest(port: number, path: string) {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const whole = 'GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n'
  const half = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n`
  socket.write(whole + half)
  await once(socket, 'data')
  return {
    /** Sends the rest and resolves with the answer. */
    async finish(): Promise<string> {
      socket.write('\r\n')
      const [answer] = await once(socket, 'data')
      return String(answer)
    },
  }
}
