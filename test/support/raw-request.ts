import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'

/** Sends one request unchanged. `fetch` would normalise the path and add a content type to the body. */
export async function rawRequest(
  origin: string,
  path: string,
  { method = 'GET', headers = {}, body }: RawOptions = {},
) {
  const { hostname, port } = new URL(origin)
  const sent = request({ hostname, port, path, method, headers })
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: await text(response),
  }
}

type RawOptions = {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}
