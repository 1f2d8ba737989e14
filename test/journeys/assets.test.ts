import { readFileSync } from 'node:fs'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { rawRequest } from '../support/raw-request.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

const css = readFileSync(new URL('../../assets/style.css', import.meta.url), 'utf8').replace(
  /^ *\/\*.*?\*\/\n/gms,
  '',
)
const address = '/assets/style.css'

test.each([
  ['br, gzip', 'br'],
  ['gzip', 'gzip'],
])('the stylesheet is compressed for a client that accepts %s', async (accepted, encoding) => {
  const response = await fetch(platform.issuer + address, {
    headers: { 'Accept-Encoding': accepted },
  })
  expect(response.headers.get('Content-Encoding')).toBe(encoding)
  expect(response.headers.get('Vary')).toContain('Accept-Encoding')
  expect(await response.text()).toBe(css)
})

test('the stylesheet is not compressed without Accept-Encoding', async () => {
  const { headers, text } = await rawRequest(platform.issuer, address)
  expect(headers['content-encoding']).toBeUndefined()
  expect(text).toBe(css)
})

test('the stylesheet is answered with 304 by ETag and is immutable under a versioned address', async () => {
  const first = await fetch(platform.issuer + address)
  // `fetch` would add `Cache-Control: no-cache`.
  const again = await rawRequest(platform.issuer, address, {
    headers: { 'If-None-Match': String(first.headers.get('ETag')) },
  })
  expect(again.status).toBe(304)
  const version = first.headers.get('ETag')?.replaceAll('"', '')
  const kept = await fetch(`${platform.issuer}${address}?v=${version}`)
  expect(kept.headers.get('Cache-Control')).toContain('immutable')
})

test('pages are not compressed, since their length would disclose secrets (BREACH)', async () => {
  const page = await fetch(`${platform.issuer}/register`, {
    headers: { 'Accept-Encoding': 'gzip' },
  })
  expect(page.headers.get('Content-Encoding')).toBeNull()
})

test('the emblem is served with a policy that forbids scripts and requests', async () => {
  const { headers, status } = await fetch(`${platform.issuer}/assets/emblem.svg`)
  expect([status, headers.get('content-type')]).toEqual([200, 'image/svg+xml'])
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';.* sandbox$/)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
})

test('the header shows SPONSOR when neither BRAND_NAME nor an emblem is set', async () => {
  const plain = await testPlatform({
    env: { BRAND_NAME: '', BRAND_LOGO: '', SPONSOR: '某市考试院' },
  })
  try {
    const { html } = await personAtForms().open(`${plain.issuer}/`)
    const header = /<header.*?<\/header>/s.exec(html)?.[0]
    expect(header).toContain('某市考试院')
    expect(header).not.toContain('<img')
    expect(html).toMatch(/<link rel="icon" href="\/assets\/icon\.svg/)
    expect((await fetch(`${plain.issuer}/assets/emblem.svg`)).status).toBe(404)
  } finally {
    await plain.close()
  }
})
