type Recorded = {
  /** The address of every request and redirect. */
  readonly addresses: string[]
  /** The newest value of each cookie, by name. */
  readonly cookies: Map<string, string>
  /** Codes and tokens by their names in the standards: `code`, `access_token`, `id_token`, `refresh_token`. */
  readonly credentials: Map<string, string>
  /** The HTML of error pages, except forms that are shown again (422, 429, 503). */
  readonly errorPages: string[]
}

const shownAgain = [422, 429, 503]

/** Records all `fetch` traffic of this process with these origins until `stop`. */
export function recordFetches(...origins: readonly string[]): Recorded & { stop(): void } {
  const recorded: Recorded = {
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
    recorded.addresses.push(url.href, response.headers.get('location') ?? '')
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value) recorded.cookies.set(name, decodeURIComponent(value))
    }
    const code = url.searchParams.get('code')
    if (code) recorded.credentials.set('code', code)
    const body = await response.clone().text()
    if (response.headers.get('content-type')?.includes('json'))
      for (const name of ['access_token', 'id_token', 'refresh_token']) {
        const value: unknown = JSON.parse(body)[name]
        if (typeof value === 'string') recorded.credentials.set(name, value)
      }
    else if (response.status >= 400 && !shownAgain.includes(response.status))
      recorded.errorPages.push(body)
    return response
  }
  return {
    ...recorded,
    stop() {
      globalThis.fetch = fetch
    },
  }
}
