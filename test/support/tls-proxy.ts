import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { request as plainRequest } from 'node:http'
import { createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { type Certificate, certificate, trust } from './certificates.ts'

/**
 * What stands in front of the platform in production: it speaks TLS (with a certificate for `localhost` that this
 * process trusts from now on) and tells of client certificates by two headers, as nginx does with
 * `$ssl_client_escaped_cert` and `$ssl_client_verify`.
 */
export async function tlsProxy() {
  // Of its own name: of two that are called the same, the first one found is asked for all.
  const authority = certificate({ subject: [['CN', `authority ${randomUUID()}`]] })
  const own = certificate({ subject: [['CN', 'localhost']], dns: ['localhost'], issuer: authority })
  trust(authority)
  let target = ''
  const server = createServer(
    {
      cert: own.cert,
      key: own.key,
      ca: authority.cert,
      requestCert: true,
      rejectUnauthorized: false,
    },
    (incoming, outgoing) => {
      const socket = incoming.socket as TLSSocket
      const peer = socket.getPeerX509Certificate()
      const headers = {
        ...incoming.headers,
        'x-forwarded-for': socket.remoteAddress ?? '',
        'x-forwarded-proto': 'https',
        'x-client-cert': peer ? encodeURIComponent(peer.toString()) : '',
        'x-client-verify': peer ? (socket.authorized ? 'SUCCESS' : 'FAILED') : 'NONE',
      }
      const { method, url = '/' } = incoming
      const onward = plainRequest(new URL(url, target), { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      })
      onward.on('error', () => outgoing.writeHead(502).end())
      incoming.pipe(onward)
    },
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    /** Issues certificates that it trusts. */
    authority,
    standBefore(address: string) {
      target = address
    },
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** One request with a client certificate. */
export async function requestWith(
  identity: Certificate | undefined,
  address: string,
  init: {
    readonly method?: string
    readonly headers?: Record<string, string>
    readonly body?: string
  } = {},
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const { method = 'GET', headers = {}, body } = init
  const asking = request(address, { method, headers, agent: false, ...identity })
  asking.end(body)
  const [answer] = (await once(asking, 'response')) as [import('node:http').IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  return { status: answer.statusCode ?? 0, body: text ? JSON.parse(text) : {} }
}
