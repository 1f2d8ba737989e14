import { load } from 'cheerio'
import { isSignedIn, registered, signedInAt } from '../support/account-pages.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({ env: { LIMITS_SCALE: '60000', TRUST_PROXY: '1' } })
})
afterAll(() => platform.close())

const desk = {
  'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36',
  'x-forwarded-for': '219.133.40.1',
}
const phone = {
  'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 19) Version/19.0 Safari/604.1',
  'x-forwarded-for': '240e:3b2:1:2::7',
}
const path = '/account/sign-ins'
const browserOf = (headers: Record<string, string>) => personAtForms(cookieBrowser(headers))

/** A person who is signed in on a desktop and on a phone, and now uses the desktop. */
async function atBoth() {
  const person = await registered(platform, samplePerson())
  const pocket = (await signedInAt(platform, person, path, browserOf(phone))).at
  const { at, page } = await signedInAt(platform, person, path, browserOf(desk))
  return { person, at, page, pocket }
}

const entries = ({ html }: FilledPage) => {
  const $ = load(html)
  return $('.entries > li')
    .toArray()
    .map((item) => $(item).text().replace(/\s+/g, ' '))
}

/** Presses the button of the form with this hidden value. */
function press(at: ReturnType<typeof personAtForms>, page: FilledPage, signIn: string) {
  const $ = load(page.html)
  const body = new URLSearchParams({
    token: String($('main [name=token]').first().val()),
    signIn,
  })
  return at.open(platform.issuer + path, { method: 'POST', body })
}
const idOf = ({ html }: FilledPage) =>
  String(load(html)('.entries [name=signIn]').first().attr('value'))

test('every session is listed with device, address, province and last use, the current one first', async () => {
  const { page } = await atBoth()
  expect(page.heading).toBe('登录与设备')
  const [here, other, ...more] = entries(page)
  expect(more).toEqual([])
  expect(here).toMatch(/Chrome · Windows（本次登录）.*最近使用.*219\.133\.40\.1.*广东省/)
  expect(here).not.toContain('退出')
  expect(other).toMatch(/Safari · iPhone.*240e:3b2:1:2::\/64.*广东省.*退出/)
})

test('退出 ends that session only', async () => {
  const { at, page, pocket, person } = await atBoth()
  const third = (await signedInAt(platform, person)).at
  const after = await press(at, page, idOf(page))
  expect(after.url.search).toBe('?ended=one')
  expect(after.text).toContain('该设备已退出登录')
  expect(entries(after)).toHaveLength(2)
  expect(await isSignedIn(platform, pocket)).toBe(false)
  expect(await isSignedIn(platform, third)).toBe(true)
  expect(await isSignedIn(platform, at)).toBe(true)
  // The same button on the outdated page is harmless.
  expect((await press(at, page, idOf(page))).status).toBe(200)
})

test('退出其他所有设备 ends all sessions but the current one', async () => {
  const { at, page, pocket, person } = await atBoth()
  const third = (await signedInAt(platform, person)).at
  const after = await press(at, page, 'others')
  expect(after.text).toContain('其他所有设备均已退出登录')
  expect(entries(after)).toHaveLength(1)
  expect(after.html).not.toContain('退出其他所有设备')
  for (const elsewhere of [pocket, third]) expect(await isSignedIn(platform, elsewhere)).toBe(false)
})

test('sessions of another account and forged forms are refused', async () => {
  const [mine, theirs] = [await atBoth(), await atBoth()]
  expect((await press(mine.at, mine.page, idOf(theirs.page))).status).toBe(200)
  expect(await isSignedIn(platform, theirs.pocket)).toBe(true)
  const forged = new URLSearchParams({ token: 'guessed', signIn: 'others' })
  const refused = await mine.at.open(platform.issuer + path, { method: 'POST', body: forged })
  expect(refused.status).toBe(403)
  const foreign = await press(mine.at, theirs.page, 'others')
  expect(foreign.status).toBe(403)
  expect(await isSignedIn(platform, mine.pocket)).toBe(true)
  expect((await press(mine.at, mine.page, '')).status).toBe(400)
})

test('20 concurrent requests end the session and none fails', async () => {
  const { at, page, pocket } = await atBoth()
  const pages = await Promise.all(Array.from({ length: 20 }, () => press(at, page, idOf(page))))
  expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([200]))
  expect(await isSignedIn(platform, pocket)).toBe(false)
})

test('a person whose session has ended meanwhile gets the login page and ends nothing', async () => {
  const { at, page, pocket } = await atBoth()
  await press(pocket, await pocket.open(platform.issuer + path), 'others')
  expect((await press(at, page, 'others')).heading).toBe('登录')
  expect(await isSignedIn(platform, pocket)).toBe(true)
})
