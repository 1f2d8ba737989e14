import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { readClients } from '../../src/sso/clients/client-files.ts'
import { judgeClient } from '../../src/sso/clients/metadata/check-metadata.ts'
import { certificate } from '../support/certificates.ts'
import { launchChromium } from '../support/chromium.ts'
import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { register } from '../support/registering.ts'
import { tlsProxy } from '../support/tls-proxy.ts'
import { type LocalServer, localServer } from '../support/vendors/local-server.ts'

/** What docs/conformance.md tells the certification suite to type and press is typed and pressed here. */

type Command = readonly [what: string, how: string, where: string, ...more: unknown[]]
type Task = {
  readonly match: string
  readonly optional?: boolean
  readonly commands: readonly Command[]
}
type Plan = {
  readonly browser: readonly { readonly match: string; readonly tasks: readonly Task[] }[]
}

const folder = new URL('../../docs/conformance/', import.meta.url)
const clientsFile = fileURLToPath(new URL('clients.yaml', folder))
const suitesAddress = 'https://localhost.emobix.co.uk:8443'
const person = samplePerson({ username: 'suite', password: 'correct horse battery' })

let proxy: Awaited<ReturnType<typeof tlsProxy>>
let platform: TestPlatform
let browser: Browser
let plan: Plan
let suite: LocalServer
const folderOfTest = mkdtempSync(join(tmpdir(), 'uup-suite-'))
beforeAll(async () => {
  proxy = await tlsProxy()
  suite = await localServer(0, certificate({ subject: [['CN', 'localhost']] }))
  suite.answer(() => ({
    status: 200,
    type: 'text/html',
    body: '<div id="submission_complete"></div>',
  }))
  const file = join(folderOfTest, 'clients.yaml')
  const documented = readFileSync(clientsFile, 'utf8')
  writeFileSync(file, documented.replaceAll(suitesAddress, suite.baseUrl))
  platform = await testPlatform({
    env: { ISSUER: proxy.url, TRUST_PROXY: '1', CLIENTS_FILE: file },
  })
  proxy.standBefore(platform.issuer)
  await register({ ...platform, issuer: proxy.url }, personAtForms(), person)
  plan = JSON.parse(
    readFileSync(new URL('plan.json', folder), 'utf8').replaceAll(
      'https://uup.test:9443',
      proxy.url,
    ),
  )
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await platform.close()
  await proxy.close()
  await suite.close()
  rmSync(folderOfTest, { recursive: true })
})

const fits = (pattern: string, url: string) =>
  new RegExp(`^${pattern.replace(/[.?+^$()[\]{}|]/g, '\\$&').replaceAll('*', '.*')}`).test(url)

async function run(page: Page, [what, how, where, value]: Command): Promise<void> {
  const found = page.locator(how === 'id' ? `#${where}` : where)
  if (what === 'click') return found.first().click()
  if (what === 'wait') return found.waitFor({ state: 'attached' })
  if (await found.count()) await found.fill(String(value))
}

/** As the suite does: each task in turn, where the page is one of its own. */
async function visit(page: Page, url: string): Promise<string> {
  await page.goto(url)
  const tasks = plan.browser.find(({ match }) => fits(match, url))?.tasks ?? []
  for (const { match, optional, commands } of tasks) {
    if (!fits(match, page.url()) && optional) continue
    expect(fits(match, page.url())).toBe(true)
    for (const command of commands) await run(page, command)
    await page.waitForLoadState()
  }
  return page.url()
}

test('the documented automation signs in, and out', async () => {
  const context = await browser.newContext({ ignoreHTTPSErrors: true })
  const page = await context.newPage()
  // The suite's browser, HtmlUnit, has no `fetch` (its polyfill is off by default): forms are sent as without script.
  await page.addInitScript(() => Reflect.deleteProperty(window, 'fetch'))
  const callback = `${suite.baseUrl}/test/a/uup/callback`
  const asked = new URLSearchParams({
    client_id: 'suite-1',
    redirect_uri: callback,
    response_type: 'code',
    scope: 'openid',
    state: 's',
  })
  expect(await visit(page, `${proxy.url}/auth?${asked}`)).toContain(`${callback}?code=`)
  // The second time nothing is asked.
  expect(await visit(page, `${proxy.url}/auth?${asked}`)).toContain(`${callback}?code=`)
  await visit(page, `${proxy.url}/session/end`)
  await page.getByText('已退出登录').first().waitFor()
  const silent = `${proxy.url}/auth?${asked}&prompt=none`
  expect(await visit(page, silent)).toContain('error=login_required')
  await context.close()
})

test('the documented clients are right', () => {
  const clients = readClients({ CLIENTS_FILE: clientsFile })
  expect(clients.map(({ metadata }) => metadata.client_id)).toEqual([
    'suite-1',
    'suite-2',
    'suite-post',
  ])
  for (const { metadata } of clients) expect(judgeClient(metadata)).toHaveProperty('metadata')
})
