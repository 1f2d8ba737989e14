// A balancer for trials with several processes of the platform: `PORT` is its own, `BACKENDS` are the processes' ports. It
// listens on loopback unless `HOST` says otherwise, sends a request to each ready process in turn, and tries the next one if a connection fails.
import { createServer, request as requestOf } from 'node:http'

const backends = (process.env.BACKENDS ?? '').split(',').map(Number)
const ready = new Set(backends)
let turn = 0

setInterval(() => backends.forEach(check), 1000)

/** A process that is not ready, or does not answer twice, gets no requests. */
const failures = new Map()
async function check(port) {
  const url = `http://127.0.0.1:${port}/health/ready`
  const isReady = await fetch(url, { signal: AbortSignal.timeout(5000) }).then(
    ({ ok }) => ok,
    () => false,
  )
  failures.set(port, isReady ? 0 : (failures.get(port) ?? 0) + 1)
  if (isReady) ready.add(port)
  else if (failures.get(port) >= 2) ready.delete(port)
}

/** The ready processes, beginning with the one whose turn it is, and then the others: one of them may answer all the same. */
function inTurn() {
  turn += 1
  const first = backends.filter((port) => ready.has(port))
  const rotated = first.map((_, index) => first[(turn + index) % first.length])
  return [...rotated, ...backends.filter((port) => !ready.has(port))]
}

const server = createServer((request, response) => send(request, response, inTurn()))
server.on('checkContinue', (request, response) => {
  response.writeContinue()
  send(request, response, inTurn())
})
server.requestTimeout = 0
server.listen(Number(process.env.PORT), process.env.HOST || '127.0.0.1')
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit())

/** Sends the request to the first of the ports. Nothing of it is sent before there is a connection. */
function send(request, response, [port, ...others]) {
  const { method, url: path, headers, socket } = request
  const forwardedFor = [headers['x-forwarded-for'], socket.remoteAddress].filter(Boolean).join(', ')
  const outgoing = requestOf({
    ...{ host: '127.0.0.1', port, method, path, agent: false },
    headers: { ...headers, 'x-forwarded-for': forwardedFor, 'x-forwarded-proto': 'http' },
  })
  let isConnected = false
  outgoing.once('socket', (connection) =>
    connection.once('connect', () => {
      isConnected = true
      request.pipe(outgoing)
    }),
  )
  outgoing.once('response', (incoming) => {
    response.writeHead(incoming.statusCode, incoming.rawHeaders)
    incoming.pipe(response)
    incoming.once('error', () => response.destroy())
  })
  outgoing.once('error', () => {
    const isSafe = ['GET', 'HEAD'].includes(method)
    if (others.length && !response.headersSent && (!isConnected || isSafe))
      return send(request, response, others)
    if (response.headersSent) return response.destroy()
    response.writeHead(503, { 'retry-after': '5', 'content-type': 'text/plain; charset=utf-8' })
    response.end('统一用户平台暂时无法办理，请稍后再试\n')
  })
  response.once('close', () => outgoing.destroy())
}
