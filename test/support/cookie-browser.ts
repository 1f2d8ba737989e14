type Cookie = { readonly name: string; readonly value: string; readonly path: string }
export type Visit = {
  readonly response: Response
  readonly text: string
  /** The requested address and the target of every redirect. */
  readonly path: readonly URL[]
}

/**
 * A minimal browser. It matches cookies by path and, like real browsers (RFC 6265, 8.5), ignores the port.
 * `always` are headers of every request.
 */
export function cookieBrowser(always: Readonly<Record<string, string>> = {}) {
  const jar = new Map<string, Cookie>()
  const answers: Headers[] = []

  /** Sends one request and does not follow redirects. */
  async function request(address: string | URL, init: RequestInit = {}): Promise<Response> {
    const url = new URL(address)
    const cookies = [...jar.values()].filter(({ path }) => url.pathname.startsWith(path))
    const headers = new Headers({ ...always, ...Object.fromEntries(new Headers(init.headers)) })
    if (cookies.length)
      headers.set('cookie', cookies.map(({ name, value }) => `${name}=${value}`).join('; '))
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    answers.push(response.headers)
    for (const line of response.headers.getSetCookie()) keep(line)
    return response
  }

  function keep(line: string): void {
    const [pair = '', ...attributes] = line.split(/;\s*/)
    const name = pair.slice(0, pair.indexOf('='))
    const value = pair.slice(name.length + 1)
    const attribute = (of: string) =>
      attributes.find((each) => each.toLowerCase().startsWith(`${of}=`))?.slice(of.length + 1)
    const path = attribute('path') ?? '/'
    const expires = attribute('expires')
    if (expires && Date.parse(expires) < Date.now()) jar.delete(`${name} ${path}`)
    else jar.set(`${name} ${path}`, { name, value, path })
  }

  /** Follows redirects to a page, or up to an address that begins with `until`, which is not requested. */
  async function visit(address: string, until?: string, init?: RequestInit): Promise<Visit> {
    const path = [new URL(address)]
    let response = await request(address, init)
    for (let location = response.headers.get('location'); location; ) {
      await response.arrayBuffer()
      const next = new URL(location, path.at(-1))
      path.push(next)
      if (until && next.href.startsWith(until)) break
      if (path.length > 20) throw new Error('Redirects without end')
      response = await request(next)
      location = response.headers.get('location')
    }
    return { response, text: response.bodyUsed ? '' : await response.text(), path }
  }

  return {
    request,
    visit,
    /** The headers of every response, in order. */
    answers: (): readonly Headers[] => answers,
    /** The value of the first cookie with that name that would be sent to the path `to`. */
    cookie: (name: string, to?: string) =>
      [...jar.values()].find(
        (cookie) => cookie.name === name && (to ?? cookie.path).startsWith(cookie.path),
      )?.value,
    cookies: (): readonly Cookie[] => [...jar.values()],
    setCookie: (name: string, value: string, path = '/') =>
      jar.set(`${name} ${path}`, { name, value, path }),
  }
}
