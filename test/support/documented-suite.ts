import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { certificate } from './certificates.ts'
import { launchChromium } from './chromium.ts'
import { samplePerson } from './people.ts'
import { personAtForms } from './person-at-forms.ts'
import { testPlatform } from './platform.ts'
import { register } from './registering.ts'
import { type SuitePlan, suiteBrowser } from './suite-browser.ts'
import { tlsProxy } from './tls-proxy.ts'
import { localServer } from './vendors/local-server.ts'

const folder = new URL('../../docs/conformance/', import.meta.url)
const documented = (name: string) => readFileSync(new URL(name, folder), 'utf8')
const initialAccessToken = 'the-initial-access-token-of-this-run-only'

/** The platform and a stand-in for the suite, with the documents in docs/conformance at the addresses of both. */
export async function documentedSuite() {
  const folderOfTest = mkdtempSync(join(tmpdir(), 'uup-suite-'))
  const proxy = await tlsProxy()
  const own = { subject: [['CN', 'localhost']], dns: ['localhost'] } as const
  const suite = await localServer(0, certificate({ ...own, issuer: proxy.authority }))
  suite.answer(() => ({
    status: 200,
    type: 'text/html',
    body: '<div id="submission_complete"></div>',
  }))
  const here = (text: string) =>
    text
      .replaceAll('https://localhost.emobix.co.uk:8443', suite.baseUrl)
      .replaceAll('https://uup.test:9443', proxy.url)
  const CLIENTS_FILE = join(folderOfTest, 'clients.yaml')
  writeFileSync(CLIENTS_FILE, here(documented('clients.yaml')))
  const platform = await testPlatform({
    env: {
      ...{ ISSUER: proxy.url, TRUST_PROXY: '1', CLIENTS_FILE },
      INTERNAL_HOSTS: 'localhost',
      INITIAL_ACCESS_TOKEN: initialAccessToken,
    },
  })
  proxy.standBefore(platform.issuer)
  const person = samplePerson({ username: 'suite', password: 'correct horse battery' })
  await register({ ...platform, issuer: proxy.url }, personAtForms(), person)
  const browser = await launchChromium()

  return {
    issuer: proxy.url,
    callback: `${suite.baseUrl}/test/a/uup/callback`,
    readPlan: (name: string): SuitePlan => JSON.parse(here(documented(name))),
    /** Runs one module in a browser without cookies. */
    async runModule(
      plan: SuitePlan,
      module: string,
      work: (browser: ReturnType<typeof suiteBrowser>) => Promise<void>,
    ): Promise<void> {
      const context = await browser.newContext({ ignoreHTTPSErrors: true })
      const page: Page = await context.newPage()
      // The suite's browser, HtmlUnit, has no `fetch` (its polyfill is off by default): forms are sent as without script.
      await page.addInitScript(() => Reflect.deleteProperty(window, 'fetch'))
      await work(suiteBrowser(page, plan, module))
      await context.close()
    },
    async registeredClient(redirect_uris: readonly string[]): Promise<string> {
      const response = await fetch(`${proxy.url}/reg`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${initialAccessToken}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ redirect_uris }),
      })
      return (await response.json()).client_id
    },
    /** The logout tokens that the suite got, once nothing is left to send. */
    async logoutTokens() {
      await platform.settled()
      return suite.received.filter(({ url }) => url.endsWith('/backchannel_logout'))
    },
    async close() {
      await browser.close()
      await platform.close()
      await proxy.close()
      await suite.close()
      rmSync(folderOfTest, { recursive: true })
    },
  }
}
export type DocumentedSuite = Awaited<ReturnType<typeof documentedSuite>>
