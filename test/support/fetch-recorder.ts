type Heard = {
  /** Of every request, the ones of redirects too. */
  readonly addresses: string[]
  /** What was set, name and value, the newest of each name. */
  readonly cookies: Map<string, string>
  /** Codes and tokens by their names in the standards: `code`, `access_token`, `id_token`, `refresh_token`. */
  readonly credentials: Map<string, string>
  /** HTML of pages that turned a request away whole: not the forms that are shown again (422, 429, 503). */
  readonly errorPages: string[]
}

const shownAgain = [422, 429, 503]

/** Hears what goes over `fetch` from and to these origins, by whomever, until `stop`. */
export function recordFetches(...origins: readonly string[]): Heard & { stop(): void } {
  const heard: Heard = {
    addresses: [],
    cookies: new Map(),
    credentials: new Map(),
    errorPages: [],
  }
  const { fetch } = globalThis
  globalThis.fetch = async (input, init) => {
    const response = await fetch(input, init)
    const url = new URL(input instanceof Request ? input.url : input)
    if (!origins.includes(url.origin)) return response
    heard.addresses.push(url.href, response.headers.get('location') ?? '')
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value) heard.cookies.set(name, decodeURIComponent(value))
    }
    const code = url.searchParams.get('code')
    if (code) heard.credentials.set('code', code)
    const body = await response.clone().text()
    if (response.headers.get('content-type')?.includes('json'))
      for (const name of ['access_token', 'id_token', 'refresh_token']) {
        const value: unknown = JSON.parse(body)[name]
        if (typeof value === 'string') heard.credentials.set(name, value)
      }
    else if (response.status >= 400 && !shownAgain.includes(response.status))
      heard.errorPages.push(body)
    return response
  }
  return {
    ...heard,
    stop() {
      globalThis.fetch = fetch
    },
  }
}
