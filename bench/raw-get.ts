import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/**
 * Reads one address again and again over a connection of its own. `fetch` takes more of a core than a server that sends
 * bytes from memory, so that it would measure itself. The answer has to be a 200 with `Content-Length`.
 */
export function rawGet(address: string): () => Promise<void> {
  const { hostname, host, port, pathname } = new URL(address)
  const request = `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\n\r\n`
  let socket: Socket | undefined
  return async () => {
    // A server closes a connection that is idle while the others are measured.
    if (!socket || socket.destroyed) {
      socket = connect(Number(port), hostname).setNoDelay()
      // Its end is seen by `close`.
      socket.on('error', () => {})
      await once(socket, 'connect')
    }
    socket.write(request)
    await wholeAnswer(socket)
  }
}

function wholeAnswer(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    let head = ''
    let length = 0
    let missing = Number.POSITIVE_INFINITY
    const read = (chunk: Buffer) => {
      length += chunk.length
      if (missing === Number.POSITIVE_INFINITY) {
        head += chunk.toString('latin1')
        missing = sizeOf(head) ?? missing
      }
      if (length >= missing) end(head.startsWith('HTTP/1.1 200 ') ? undefined : new Error(head))
    }
    const closed = () => end(new Error('the connection was closed'))
    const end = (error: Error | undefined) => {
      socket.off('data', read).off('close', closed)
      if (error) reject(error)
      else resolve()
    }
    socket.on('data', read).on('close', closed)
  })
}

/** The length of the answer that begins so; undefined before its head is complete. */
function sizeOf(answer: string): number | undefined {
  const end = answer.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(answer.slice(0, end)) ?? []
  if (!length) throw new Error(`no Content-Length: ${answer.slice(0, end)}`)
  return end + 4 + Number(length)
}
