import { createServer, type RequestListener, type Server } from 'node:http'

/**
 * Proxies reuse a connection for 60 s. It stays open longer here, so that a proxy never sends a request while we close
 * it. A request and its headers have to arrive within 10 s, checked every second; otherwise, slow clients could occupy
 * all connections. Headers of up to 64 KiB are read, so that a request with large parameters gets an error response.
 */
const options = {
  keepAliveTimeout: 65_000,
  headersTimeout: 10_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1000,
  maxHeaderSize: 64 * 1024,
} as const

export const httpServer = (listener: RequestListener): Server => createServer(options, listener)
