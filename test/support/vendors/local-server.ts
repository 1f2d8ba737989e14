import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

import type { Certificate } from '../certificates.ts'

export type Received = {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export type Reply = {
  readonly status: number
  readonly body: string
  readonly type?: string
}

export const json = (value: unknown, status = 200): Reply => ({
  status,
  body: JSON.stringify(value),
  type: 'application/json;charset=utf-8',
})

/** Network and server faults. */
export const faults = [
  'closes',
  'closes half-way',
  'hangs',
  'hangs half-way',
  'fails',
  'redirects',
  'says nothing',
  'breaks the JSON',
  'calls it HTML',
] as const
export type Fault = (typeof faults)[number]

export type LocalServer = {
  readonly baseUrl: string
  readonly received: readonly Received[]
  /** Sets the reply to later requests, and a fault that spoils it. */
  answer(reply: (request: Received) => Reply, fault?: Fault): void
  close(): Promise<void>
}

/** Starts a server on loopback, on a free port unless one is given. With a certificate it speaks TLS as `localhost`. */
export async function localServer(port = 0, tls?: Certificate): Promise<LocalServer> {
  const received: Received[] = []
  let reply: (request: Received) => Reply = () => json({}, 404)
  let fault: Fault | undefined
  const listener: RequestListener = async (req, res) => {
    const { method = '', url = '', headers } = req
    const request = { method, url, headers, body: await text(req) }
    received.push(request)
    const { status, body, type } = reply(request)
    const half = body.slice(0, body.length / 2)
    if (fault === 'closes') return res.destroy()
    if (fault === 'hangs') return
    if (fault === 'redirects')
      return res.writeHead(307, { location: `http://${headers.host}/elsewhere` }).end()
    res.statusCode = fault === 'fails' ? 500 : status
    if (type) res.setHeader('content-type', fault === 'calls it HTML' ? 'text/html' : type)
    if (fault === 'hangs half-way') return res.write(half)
    if (fault === 'closes half-way') {
      res.setHeader('content-length', Buffer.byteLength(body))
      return res.write(half, () => res.destroy())
    }
    if (fault === 'says nothing') return res.end()
    return res.end(fault === 'breaks the JSON' ? half : body)
  }
  const server = tls ? createTlsServer(tls, listener) : createServer(listener)
  await listening(server, port)
  return {
    baseUrl: `${tls ? 'https://localhost' : 'http://127.0.0.1'}:${(server.address() as AddressInfo).port}`,
    received,
    answer(next, going) {
      reply = next
      fault = going
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const listening = (server: Server, port: number) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
