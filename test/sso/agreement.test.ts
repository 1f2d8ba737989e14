import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from 'cheerio'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { agreedAt } from '../support/legal-texts.ts'
import {
  answerOf,
  callback,
  credentials,
  hidden,
  relyingParty,
  type SsoPlatform,
  signIn,
  ssoPlatform,
  submit,
} from './platform.ts'

const folder = mkdtempSync(join(tmpdir(), 'uup-agreement-'))
const pathOf = (name: string) => join(folder, name)
const writeText = (name: string, version: string) =>
  writeFileSync(
    pathOf(name),
    `---\nversion: ${version}\n---\n# 一、总则\n\n版本 ${version} 的文本 <b onclick="x">粗</b> [外链](javascript:alert(1))\n`,
  )
const first = '2026-11-01'

let platform: SsoPlatform
let serial = 0
beforeAll(async () => {
  writeText('terms.md', first)
  writeText('privacy.md', first)
  platform = await ssoPlatform(undefined, 1, {
    TERMS_FILE: pathOf('terms.md'),
    PRIVACY_FILE: pathOf('privacy.md'),
  })
})
afterAll(async () => {
  await platform.close()
  rmSync(folder, { recursive: true })
})

/** Puts other versions in force by a restart with other files. */
async function putInForce(terms: string, privacy = first) {
  writeText('terms.md', terms)
  writeText('privacy.md', privacy)
  await platform.restart()
}

/** Registers a person who agreed to these versions, or who registered before there were any. */
async function registered(agreement: { terms: string; privacy: string } | undefined) {
  serial += 1
  const username = `agreeing${serial}`
  const id = await platform.register({
    username,
    ...{ agreement: agreement && { ...agreement, at: 1000 } },
  })
  return { id, typed: { ...credentials, username } }
}

/** Returns the page that follows the right password. */
async function signInUpToAgreement(typed: Readonly<Record<string, string>>, params = {}) {
  const { ask } = await relyingParty(platform.issuer)
  const browser = cookieBrowser()
  const { url, tokens } = await ask(params)
  const page = await submit(browser, await browser.visit(url, callback), typed)
  return { browser, page, tokens }
}

const isAgreementPage = ({ text }: { readonly text: string }) =>
  text.includes('<h1>请确认用户协议和隐私政策</h1>')

test('an account without an agreement is asked once, and versions and time are recorded', async () => {
  await putInForce(first)
  const { id, typed } = await registered(undefined)
  const { browser, page, tokens } = await signInUpToAgreement(typed)
  expect(isAgreementPage(page)).toBe(true)
  expect(page.text).toContain('继续登录前，请阅读并同意以下文件。')
  for (const link of ['href="/terms"', 'href="/privacy"']) expect(page.text).toContain(link)
  const before = Date.now()
  const got = await tokens(answerOf(await submit(browser, page, {})))
  expect(got.claims()?.sub).toBe(id)
  const account = await platform.accounts.findById(id)
  expect(account?.agreement).toMatchObject({ terms: first, privacy: first })
  expect(account?.agreement?.at).toBeGreaterThanOrEqual(before)
  expect(isAgreementPage((await signInUpToAgreement(typed)).page)).toBe(false)
})

test('a new version of one text is asked for once, on a page that names the changed text', async () => {
  const { id, typed } = await registered({ terms: first, privacy: first })
  await putInForce('2027-01-15')
  const { browser, page, tokens } = await signInUpToAgreement(typed)
  expect(isAgreementPage(page)).toBe(true)
  const texts = load(page.text)('main ul li')
    .toArray()
    .map((text) => load(text).text().replace(/\s+/g, ' '))
  expect(texts).toEqual([
    '用户协议 版本 2027-01-15您上次同意的是版本 2026-11-01',
    '隐私政策 版本 2026-11-01没有变化',
  ])
  await tokens(answerOf(await submit(browser, page, {})))
  expect((await signInUpToAgreement(typed)).page.text).toBe('')
  const { ask } = await relyingParty(platform.issuer)
  expect(isAgreementPage(await browser.visit((await ask()).url, callback))).toBe(false)
  expect((await platform.accounts.findById(id))?.agreement?.terms).toBe('2027-01-15')
})

test('declining returns access_denied to the client and is asked again at the next login', async () => {
  await putInForce('2027-02-01')
  const { id, typed } = await registered({ terms: first, privacy: first })
  const { browser, page } = await signInUpToAgreement(typed)
  const answer = answerOf(await submit(browser, page, { action: 'refuse' }))
  expect(answer.searchParams.get('error')).toBe('access_denied')
  expect((await platform.accounts.findById(id))?.agreement?.terms).toBe(first)
  const { ask } = await relyingParty(platform.issuer)
  expect(isAgreementPage(await browser.visit((await ask()).url, callback))).toBe(true)
})

test('prompt=none returns interaction_required until the person has agreed to the versions', async () => {
  await putInForce(first)
  const { typed } = await registered({ terms: first, privacy: first })
  const { ask } = await relyingParty(platform.issuer)
  const browser = cookieBrowser()
  await signIn(browser, (await ask()).url, typed)
  const silently = async () =>
    answerOf(await browser.visit((await ask({ prompt: 'none' })).url, callback)).searchParams
  expect((await silently()).get('code')).toBeTruthy()
  await putInForce('2027-03-01')
  expect((await silently()).get('error')).toBe('interaction_required')
  const page = await browser.visit((await ask()).url, callback)
  answerOf(await submit(browser, page, {}))
  expect((await silently()).get('code')).toBeTruthy()
})

test('agreeing in one browser counts in the session of another one', async () => {
  await putInForce(first)
  const { typed } = await registered({ terms: first, privacy: first })
  const { ask } = await relyingParty(platform.issuer)
  const other = cookieBrowser()
  await signIn(other, (await ask()).url, typed)
  await putInForce('2027-04-01')
  const { browser, page } = await signInUpToAgreement(typed)
  answerOf(await submit(browser, page, {}))
  expect(
    answerOf(await other.visit((await ask()).url, callback)).searchParams.get('code'),
  ).toBeTruthy()
})

test('a form for an outdated version is shown again with the present version', async () => {
  await putInForce('2027-05-01')
  const { id, typed } = await registered(undefined)
  const { browser, page } = await signInUpToAgreement(typed)
  await putInForce('2027-05-02')
  const again = await submit(browser, page, { shown: hidden(page.text, 'shown') })
  expect(again.text).toContain('版本 2027-05-02')
  expect((await platform.accounts.findById(id))?.agreement).toBeUndefined()
  answerOf(await submit(browser, again, { shown: hidden(again.text, 'shown') }))
  expect((await platform.accounts.findById(id))?.agreement?.terms).toBe('2027-05-02')
})

test('an unknown button or a forged form does not record an agreement', async () => {
  await putInForce('2027-06-01')
  const { id, typed } = await registered(undefined)
  const { browser, page } = await signInUpToAgreement(typed)
  expect((await submit(browser, page, { action: 'other' })).response.status).toBe(400)
  expect((await submit(browser, page, { token: 'guessed' })).response.status).toBe(403)
  expect((await platform.accounts.findById(id))?.agreement).toBeUndefined()
})

test('both decisions appear in 登录记录', async () => {
  await putInForce('2027-07-01')
  const { id, typed } = await registered({ ...agreedAt(0) })
  const refusing = await signInUpToAgreement(typed)
  answerOf(await submit(refusing.browser, refusing.page, { action: 'refuse' }))
  const agreeing = await signInUpToAgreement(typed)
  answerOf(await submit(agreeing.browser, agreeing.page, {}))
  const account = await agreeing.browser.visit(`${platform.issuer}/account/records`)
  expect(account.text).toContain('未同意用户协议和隐私政策')
  expect(account.text).toContain('>同意用户协议和隐私政策')
  expect(id).toBeTruthy()
})

test('both texts are pages that show their version and escape HTML', async () => {
  await putInForce('2027-08-01', '2027-08-02')
  for (const [path, title, version] of [
    ['terms', '用户协议', '2027-08-01'],
    ['privacy', '隐私政策', '2027-08-02'],
  ]) {
    const response = await fetch(`${platform.issuer}/${path}`)
    const html = await response.text()
    expect(response.status).toBe(200)
    expect(html).toContain(`<h1>${title}</h1>`)
    expect(html).toContain(`版本 ${version}`)
    expect(html).toContain('<h2>一、总则</h2>')
    expect(html).toContain('&lt;b onclick=&quot;x&quot;&gt;粗&lt;/b&gt;')
    expect(html).not.toContain('href="javascript:')
  }
})
