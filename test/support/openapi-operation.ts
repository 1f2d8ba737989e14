import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

type Schema = Readonly<Record<string, unknown>>
type Response = {
  readonly headers?: Readonly<Record<string, { readonly required?: boolean }>>
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>
}
type Operation = {
  readonly security?: unknown
  readonly requestBody?: { readonly content: Response['content'] }
  readonly responses: Readonly<Record<string, Response>>
}
export type Description = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

/** Checks requests and responses of one operation against an OpenAPI document. */
export function openapiOperation(document: Description, path: string, method: string) {
  const operation = document.paths[path]?.[method]
  if (!operation) throw new Error(`the document knows no ${method} ${path}`)
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  ajv.addSchema(document, 'document')
  const at = (...way: string[]) => {
    const pointer = ['paths', path, method, ...way, 'schema'].map(escaped).join('/')
    return ajv.compile({ $ref: `document#/${pointer}` })
  }
  const isRequest = operation.requestBody && at('requestBody', 'content', 'application/json')
  return {
    statuses: Object.keys(operation.responses).map(Number),
    takes: (body: unknown): boolean => isRequest?.(body) ?? body === undefined,
    /** The ways in which a response differs from the document. */
    differences({ status, headers, body }: { status: number; headers: Headers; body: unknown }) {
      const response = operation.responses[status]
      if (!response) return [`status ${status} is not in it`]
      if (!response.content) return body === undefined ? [] : [`${status} has a body`]
      const type = (headers.get('content-type') ?? '').split(';')[0] ?? ''
      if (!response.content[type]) return [`${status} as ${type} is not in it`]
      const missing = Object.entries(response.headers ?? {})
        .filter(([name, { required }]) => required && !headers.has(name))
        .map(([name]) => `${status} without ${name}`)
      const fits = at('responses', String(status), 'content', type)
      return fits(body) ? missing : [...missing, ajv.errorsText(fits.errors)]
    },
  }
}

/** Escapes a name for a JSON pointer in a URI fragment (RFC 6901, 6). */
const escaped = (name: string) =>
  encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))
