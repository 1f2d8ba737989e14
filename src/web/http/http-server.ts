import { createServer, type RequestListener, type Server } from 'node:http'

/**
 * Proxies reuse a connection for 60 s, and must not find that we are just closing it, so an idle one lives longer here.
 * A request has to arrive within 10 s, its headers too: a client that sends slowly or stops would keep the connection
 * (checked every second). Headers of 64 KiB let a request with large parameters reach the answer that says so.
 */
const options = {
  keepAliveTimeout: 65_000,
  headersTimeout: 10_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1000,
  maxHeaderSize: 64 * 1024,
} as const

export const httpServer = (listener: RequestListener): Server => createServer(options, listener)
