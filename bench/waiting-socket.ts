import { once } from 'node:events'
import { connect } from 'node:net'

export type Answer = {
  readonly status: number
  readonly retryAfter: string | undefined
  /** From the request to the first byte of the answer, in ms. */
  readonly ms: number
}

/**
 * A connection that is open already, so that a thousand requests leave at once and cost the load next to nothing. Its
 * result sends the request and resolves to the answer.
 */
export async function waitingSocket(address: URL, lines: readonly string[], body = '') {
  const socket = connect(Number(address.port), address.hostname)
  await once(socket, 'connect')
  const head = [...lines, `host: ${address.host}`, `content-length: ${Buffer.byteLength(body)}`]
  return async (): Promise<Answer> => {
    const begun = performance.now()
    socket.write(`${[...head, 'connection: close'].join('\r\n')}\r\n\r\n${body}`)
    const [chunk]: Buffer[] = await once(socket, 'data')
    const ms = performance.now() - begun
    const text = String(chunk)
    socket.resume().on('error', () => {})
    const [, retryAfter] = /\r\nretry-after: (\d+)/i.exec(text) ?? []
    return { status: Number(text.slice(9, 12)), retryAfter, ms }
  }
}
