import { once } from 'node:events'
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

/** Resolves when the server listens; rejects if the address is taken. */
export async function listenAt(
  { host, port }: { readonly host: string; readonly port: number },
  listener: RequestListener,
): Promise<Server> {
  const server = httpServer(listener).listen(port, host)
  await once(server, 'listening')
  return server
}

/** Accepts no more connections and resolves when open requests are answered, or have been cut off after so many ms. */
export function closedAfter(server: Server, ms: number): Promise<void> {
  setTimeout(() => server.closeAllConnections(), ms).unref()
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  return closed
}
