import { createServer, type RequestListener, type Server } from 'node:http'

/**
 * A proxy that reuses a connection must not find that we are just closing it: Node.js closes an idle one after 5 s, proxies
 * keep theirs for 60 s. `headersTimeout` has to be longer. A `state` may have 20,000 characters, and comes back in the
 * query of one more request, beside cookies: Node.js takes 16 KiB of headers.
 */
const options = {
  keepAliveTimeout: 65_000,
  headersTimeout: 70_000,
  maxHeaderSize: 64 * 1024,
} as const

export const httpServer = (listener: RequestListener): Server => createServer(options, listener)
