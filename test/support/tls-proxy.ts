import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { request as plainRequest } from 'node:http'
import { createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { type Certificate, certificate, trust } from './certificates.ts'

/**
 * A TLS-terminating reverse proxy like the one in production. Its certificate is for `localhost`, and this process
 * trusts it from now on. It forwards the client certificate in two headers, as nginx does with
 * `$ssl_client_escaped_cert` and `$ssl_client_verify`.
 */
export async function tlsProxy() {
  // The name is unique because OpenSSL would use the first of two authorities with the same name for all certificates.
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
    /** The authority whose client certificates the proxy trusts. */
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

/** Sends one request with a client certificate. */
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
