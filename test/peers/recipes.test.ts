import { setTimeout as sleep } from 'node:timers/promises'
import { load } from 'cheerio'
import {
  answerOf,
  type Browser,
  clients,
  credentials,
  person,
  type SsoPlatform,
  ssoPlatform,
  submit,
} from '../sso/platform.ts'
import { cookieBrowser, type Visit } from '../support/cookie-browser.ts'
import { buildExamples, missingFor, startExample } from '../support/examples.ts'
import { ownPort } from '../support/own-port.ts'
import { type Recipe, type RecipeSettings, recipes } from '../support/recipes.ts'

/** These tests run the products of docs/recipes/ with the settings written there. Spring Security is in examples.test.ts. */
const missing = recipes.flatMap((recipe) =>
  missingFor(recipe).map((program) => `${recipe.name}: ${program} is missing`),
)
const present = recipes.filter((recipe) => !missingFor(recipe).length)
const built = buildExamples(present)

test('the machine has the programs of the recipes', () => {
  if (!missing.length) return
  process.stderr.write(`\nNOT CHECKED, docs/recipes: ${missing.join('; ')}\n\n`)
  if (process.env['CI']) expect(missing).toEqual([])
})

/** In seconds. Recipes that check the expiry refresh within its last minute, so that here they refresh immediately. */
const access = 59
let platform: SsoPlatform
let accountId: string
beforeAll(async () => {
  platform = await ssoPlatform((usual) => ({
    ...usual,
    tokens: { ...usual.tokens, access } as unknown as typeof usual.tokens,
  }))
  accountId = await platform.register()
})
afterAll(() => platform.close())

describe.each(present)('$name', (recipe) => {
  let peer: Awaited<ReturnType<typeof startExample>>
  let settings: RecipeSettings
  beforeAll(async () => {
    const at = await built(recipe)
    const [port, hub, proxy] = [await ownPort(), await ownPort(), await ownPort()].map(String)
    const base = `http://localhost:${port}`
    const { client_secret: clientSecret } = clients.exam
    const clientId = recipe.folder
    settings = { issuer: platform.issuer, base, port: String(port), clientId, clientSecret }
    await platform.restartWith([clientOf(recipe, base)])
    peer = await startExample(recipe, at, {
      ...{ ISSUER: platform.issuer, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret, BASE: base },
      ...{ PORT: String(port), HUB_PORT: String(hub), PROXY_PORT: String(proxy) },
      ...recipe.env?.(settings, at),
    })
  }, 900_000)
  afterAll(() => peer?.stop())

  /** Opens an address of the peer and, if `form` is given, submits the form with that action. */
  async function go(browser: Browser, address: string, form?: string, until?: string) {
    const page = await browser.visit(settings.base + address, until)
    if (!form) return page
    const here = page.path.at(-1)
    const $ = load(page.text)
    const found = $('form').filter((_, each) => pathOf($(each).attr('action'), here) === form)
    if (!found.length) throw new Error(`no form for ${form}: ${page.text}`)
    const typed = found.serializeArray().map(({ name, value }): [string, string] => [name, value])
    const body = new URLSearchParams(typed)
    return browser.visit(settings.base + form, until, { method: 'POST', body })
  }

  async function signedIn(): Promise<Browser> {
    const browser = cookieBrowser()
    const callback = settings.base + recipe.callback
    const login = await go(browser, recipe.login, recipe.loginForm, callback)
    const page = await submit(browser, login, credentials, callback)
    await browser.visit(answerOf(page, callback).href)
    return browser
  }

  const whoami = async (browser: Browser) => (await go(browser, recipe.whoami)).text
  const expectedName = () => (recipe.names === 'name' ? person.name : accountId)

  async function endAccessTokens() {
    const { redis, keyPrefix } = platform.stores
    await redis.del(await redis.keys(`${keyPrefix}oidc.AccessToken:*`))
  }

  const tokenStatuses = () =>
    platform.lines
      .map((line) => JSON.parse(line))
      .filter(({ path }) => path === '/token')
      .map(({ status }) => status)

  test('signs a person in', async () => {
    expect(await whoami(await signedIn())).toContain(expectedName())
  })

  test(`refreshes its tokens by ${recipe.renews}`, async () => {
    const browser = await signedIn()
    const before = tokenStatuses().length
    await sleep(recipe.renewsAfter ?? 0)
    await endAccessTokens()
    await go(browser, recipe.refresh ?? recipe.whoami, recipe.refreshForm)
    const who = await whoami(browser)
    expect(new Set(tokenStatuses().slice(before))).toEqual(new Set([200]))
    expect(who).toContain(expectedName())
  })

  test('signs out locally and at the platform, which leads back to it', async () => {
    const browser = await signedIn()
    const confirmation = await go(browser, recipe.logout(settings), recipe.logoutForm)
    const returned = await confirmLogout(browser, confirmation)
    expect(returned.path.at(-1)?.href).toBe(settings.base + recipe.signedOut)
    expect(await whoami(browser)).not.toContain(expectedName())
    const again = await go(browser, recipe.login, recipe.loginForm)
    expect(again.text).toContain('id="username"')
  })
})

/** Presses 退出登录 on the page of the platform. */
function confirmLogout(browser: Browser, page: Visit) {
  const form = load(page.text)('form').first()
  const address = new URL(String(form.attr('action')), page.path.at(-1)).href
  const typed = form.serializeArray().map(({ name, value }): [string, string] => [name, value])
  const body = new URLSearchParams([...typed, ['logout', 'yes']])
  return browser.visit(address, undefined, { method: 'POST', body })
}

const pathOf = (action: string | undefined, here: URL | undefined) =>
  action === undefined ? undefined : new URL(action, here).pathname

const clientOf = ({ folder, callback, signedOut, client }: Recipe, base: string) => ({
  ...clients.exam,
  client_id: folder,
  client_name: folder,
  client_uri: `${base}/`,
  redirect_uris: [base + callback],
  post_logout_redirect_uris: [base + signedOut],
  ...client,
})
