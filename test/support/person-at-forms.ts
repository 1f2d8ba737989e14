import { type CheerioAPI, load } from 'cheerio'
import { cookieBrowser } from './cookie-browser.ts'

export type FilledPage = ReturnType<typeof pageOf>

/** A page as a person without JavaScript sees it. The HTML is parsed at the first access. */
function pageOf(url: URL, status: number, html: string, headers: Headers) {
  let loaded: CheerioAPI | undefined
  const $ = () => {
    loaded ??= load(html)
    return loaded
  }
  const form = () => $()('form').first()
  const words = (selector: string) =>
    $()(selector)
      .toArray()
      .map((element) => $()(element).text().trim())
  return {
    url,
    status,
    html,
    headers,
    get title() {
      return $()('title').text()
    },
    get heading() {
      return $()('h1').text()
    },
    get step() {
      return $()('[aria-current=step]').text()
    },
    get faults() {
      return words('.summary li')
    },
    /** The whole summary of the refusals, with its notes. */
    get summary() {
      return $()('.summary').text().trim()
    },
    get text() {
      return $()('main').text()
    },
    link: (name: string) =>
      $()('a')
        .toArray()
        .find((element) => $()(element).text().trim() === name)?.attribs['href'],
    faultAt: (field: string) => $()(`#${field}-fault`).text(),
    value: (field: string) => String($()(`[name="${field}"]`).val() ?? ''),
    /** The options of a select. */
    options: (field: string) => words(`select[name="${field}"] option`),
    has: (field: string) => $()(`[name="${field}"]`).length > 0,
    get buttons() {
      return words('form button')
    },
    get action() {
      return form().attr('action') ?? ''
    },
    /** The form's values as they would be sent unchanged. */
    get typed() {
      return Object.fromEntries(
        form()
          .serializeArray()
          .map(({ name, value }) => [name, value]),
      )
    },
  }
}

/** A person whose browser keeps cookies and runs no script. */
export function personAtForms(browser = cookieBrowser()) {
  async function open(address: string, init?: RequestInit) {
    const { response, text, path } = await browser.visit(address, undefined, init)
    return pageOf(path.at(-1) ?? new URL(address), response.status, text, response.headers)
  }

  /** Fills in fields and presses a button (`next` is the default button). */
  const send = (page: FilledPage, fields: Readonly<Record<string, string>>, action = 'next') =>
    open(new URL(page.action, page.url).href, {
      method: 'POST',
      body: new URLSearchParams({ ...page.typed, ...fields, action }),
    })

  return { browser, open, send }
}
