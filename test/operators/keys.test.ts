import type { JWK } from 'jose'
import type { Policy } from '../../config/limits-and-lifetimes.ts'
import { keyAlgorithms } from '../../config/oidc.ts'
import { until } from '../../sandbox/ports.mjs'
import { operatorsOf, type TestOperator } from '../support/console.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

let platform: TestPlatform
let desk: Awaited<ReturnType<typeof operatorsOf>>
let admin: TestOperator
let officer: TestOperator
const frequentLook = (usual: Policy) =>
  ({ ...usual, keys: { ...usual.keys, look: 0.02 } }) as unknown as Policy
beforeAll(async () => {
  platform = await testPlatform({ policy: frequentLook })
  desk = await operatorsOf(platform)
  admin = await desk.newOperator('system')
  officer = await desk.newOperator('security')
})
afterAll(() => platform.close())

type Row = { readonly alg: string; readonly kid: string; readonly state: string }
async function keysOf(operator: TestOperator) {
  const page = await (await desk.signedIn(operator)).get('/keys')
  const { $ } = page
  const rows: Row[] = $('#signing ~ .table tbody tr')
    .toArray()
    .map((row) => {
      const [alg = '', kid = '', , state = ''] = $(row)
        .find('th, td')
        .toArray()
        .map((cell) => $(cell).text())
      return { alg, kid, state }
    })
  return { ...page, rows }
}
const currentOf = (rows: readonly Row[], of: string) =>
  rows.find(({ alg, state }) => alg === of && state === '使用中')?.kid ?? ''

async function submit(action: 'rotate' | 'withdraw', kid: string, reason = '密钥可能泄露') {
  const browser = await desk.signedIn(admin)
  const { $ } = await browser.get('/keys')
  const token = String($('form[action="/keys/rotate"] [name=token]').attr('value'))
  return browser.post(`/keys/${action}`, { token, kid, reason })
}

async function published(): Promise<readonly string[]> {
  const response = await fetch(`${platform.issuer}/jwks`)
  const { keys } = (await response.json()) as { keys: JWK[] }
  return keys.map(({ kid }) => String(kid))
}

const events = (what: string) =>
  platform.stores.mongodb.collection('audit').find({ what }).sort({ at: 1, _id: 1 }).toArray()

test('the page lists the keys of every algorithm and the records of each data key, without key material', async () => {
  const { rows, text, $ } = await keysOf(admin)
  expect(rows.map(({ alg, state }) => [alg, state])).toEqual(
    keyAlgorithms.map((alg) => [alg, '使用中']),
  )
  const [version, state, , records] = $('#data ~ .table tbody tr')
    .first()
    .find('th, td')
    .toArray()
    .map((cell) => $(cell).text())
  expect([version, state]).toEqual(['1', '使用中'])
  expect(Number(records?.replaceAll(',', ''))).toBeGreaterThan(keyAlgorithms.length)
  expect(text).not.toMatch(/"[dnpq]"/)
})

test('立即轮换 lets a new key sign at once, and the old key stays published', async () => {
  const { rows } = await keysOf(admin)
  const before = currentOf(rows, 'ES256')
  const { text } = await submit('rotate', before)
  expect(text).toContain('ES256 已轮换')
  const after = currentOf((await keysOf(admin)).rows, 'ES256')
  expect(after).not.toBe(before)
  await until(async () => (await published()).includes(after), { seconds: 60, what: 'the new key' })
  expect(await published()).toContain(before)
  const [event] = await events('key-rotated')
  expect(event).toMatchObject({ target: 'ES256', operator: admin.id, detail: 'console' })
})

test('a key in use is not withdrawn, and another one takes a security operator', async () => {
  const { rows } = await keysOf(admin)
  const old = currentOf(rows, 'EdDSA')
  const refused = await submit('withdraw', old)
  expect([refused.status, refused.$('#kid-fault').text()]).toEqual([
    422,
    '错误：该密钥正在使用，没有撤销。请先立即轮换，再撤销',
  ])
  expect((await submit('rotate', old, ' ')).$('#reason-fault').text()).toBe('错误：请填写事由')
  await submit('rotate', old)
  const asked = await submit('withdraw', old)
  expect([asked.path, asked.text.includes('已提交复核')]).toEqual(['/reviews', true])
  expect(await published()).toContain(old)

  const { rows: seen, $ } = await keysOf(officer)
  expect(seen.map(({ kid }) => kid)).toContain(old)
  expect($('main form, main button').length).toBe(0)
  const deciding = await desk.signedIn(officer)
  const waiting = await deciding.get('/reviews')
  expect(waiting.text).toContain(old)
  const review = String(waiting.$('#waiting ~ .entries form').attr('action'))
  await deciding.submit('/reviews', review, { reason: '同意', action: 'approve' })
  await until(async () => !(await published()).includes(old), { seconds: 60, what: 'its end' })
  const [event] = await events('key-withdrawn')
  expect(event).toMatchObject({ target: old, operator: officer.id })
  expect((await submit('withdraw', old)).$('#kid-fault').text()).toContain('该密钥已经不在')
})
