import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { httpServer } from '../../src/web/http/http-server.ts'

const server = httpServer((request, response) => {
  request.resume().on('end', () => response.end('whole'))
})
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => void server.close())

const port = () => (server.address() as AddressInfo).port

/** Sends `begun`, then a byte every half second, until the server closes; gives its answer. */
async function sendSlowly(begun: string): Promise<string> {
  const socket = connect(port(), '127.0.0.1').setEncoding('utf8')
  socket.write(begun)
  const slowly = setInterval(() => socket.write('x'), 500)
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk
  })
  socket.on('error', () => {})
  await once(socket, 'close')
  clearInterval(slowly)
  return answer
}

test.each([
  ['headers', 'GET / HTTP/1.1\r\nhost: a\r\nx-slow: '],
  ['body', 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\n'],
])('a request that never sends all of its %s is ended', async (_, begun) => {
  expect(await sendSlowly(begun)).toMatch(/^HTTP\/1\.1 408 /)
})
