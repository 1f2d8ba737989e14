type Recorded = {
  /** The address of every request and redirect. */
  readonly addresses: string[]
  /** The newest value of each cookie, by name. */
  readonly cookies: Map<string, string>
  /** Codes and tokens by their names in the standards: `code`, `access_token`, `id_token`, `refresh_token`. */
  readonly credentials: Map<string, string>
  /**
   * Everything secret or personal that was sent and answered, by what it is: typed fields, parts of cookies, codes, tokens
   * and references. Equal values are named once.
   */
  readonly secrets: Map<string, string>
  /** The HTML of error pages, except forms that are shown again (422, 429, 503). */
  readonly errorPages: string[]
}

/** The fields of forms whose values no store may contain. */
const typedSecrets = [
  ...['username', 'password', 'passwordAgain', 'presentPassword', 'name', 'idNumber', 'account'],
  ...['phone', 'smsCode', 'totpCode', 'unitName', 'answer1', 'answer2', 'answer3'],
]
const answeredSecrets = [
  ...['access_token', 'id_token', 'refresh_token', 'device_code', 'user_code', 'request_uri'],
  ...['client_secret', 'registration_access_token'],
]

/**
 * The ids of flows and of requests to sign in are public: they stand in addresses and in the audit. The secret beside the id,
 * or the signature of the cookie, lets a browser go on.
 */
const publicIds: Readonly<Record<string, RegExp>> = {
  // After the secret it names the request to sign in.
  flow: /\..*$/,
  'operator-login': /^[^.]+/,
  'operator-setup': /^[^.]+/,
  uup_interaction: /.+/,
  uup_resume: /.+/,
}

/** A shorter part of a cookie is a choice, such as the language. */
const shortestId = 16

const shownAgain = [422, 429, 503]

type Observer = (
  url: URL,
  init: RequestInit | undefined,
  response: Response,
) => void | Promise<void>

/** Recordings can overlap and end in any order, so that `fetch` is replaced once for all of them. */
const observers = new Set<Observer>()

function observeFetches(observer: Observer): () => void {
  observers.add(observer)
  if (!replaced) {
    const { fetch } = globalThis
    globalThis.fetch = async (input, init) => {
      const response = await fetch(input, init)
      const url = new URL(input instanceof Request ? input.url : input)
      for (const observe of observers) await observe(url, init, response)
      return response
    }
    replaced = true
  }
  return () => observers.delete(observer)
}

let replaced = false

/** Records all `fetch` traffic of this process with these origins until `stop`. */
export function recordFetches(...origins: readonly string[]): Recorded & { stop(): void } {
  const recorded: Recorded = {
    addresses: [],
    cookies: new Map(),
    credentials: new Map(),
    secrets: new Map(),
    errorPages: [],
  }
  const known = new Set<string>()
  const keep = (what: string, value: string) => {
    if (!value || known.has(value)) return
    known.add(value)
    recorded.secrets.set(`${what} ${known.size}`, value)
  }
  const stop = observeFetches(async (url, init, response) => {
    if (!origins.includes(url.origin)) return
    recorded.addresses.push(url.href, response.headers.get('location') ?? '')
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value) recorded.cookies.set(name, decodeURIComponent(value))
      const secret = decodeURIComponent(value).replace(publicIds[name] ?? '', '')
      for (const part of secret.split('.'))
        if (part.length >= shortestId) keep(`cookie ${name}`, part)
    }
    const code = url.searchParams.get('code')
    if (code) recorded.credentials.set('code', code)
    const answeredCode = URL.parse(response.headers.get('location') ?? '')?.searchParams.get('code')
    keep('code', answeredCode ?? '')
    if (init?.body instanceof URLSearchParams)
      for (const field of typedSecrets) keep(field, init.body.get(field) ?? '')
    const body = await response.clone().text()
    if (body && response.headers.get('content-type')?.startsWith('application/json'))
      for (const name of answeredSecrets) {
        const value: unknown = JSON.parse(body)[name]
        if (typeof value !== 'string') continue
        keep(name, value)
        if (/^(access|id|refresh)_token$/.test(name)) recorded.credentials.set(name, value)
      }
    else if (response.status >= 400 && !shownAgain.includes(response.status))
      recorded.errorPages.push(body)
  })
  return { ...recorded, stop }
}
