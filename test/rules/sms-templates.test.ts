import { readEnvironment } from '../../config/environment/read-environment.ts'
import { smsTemplates } from '../../config/sms-templates.ts'
import { sampleLegalTexts } from '../../sandbox/settings.mjs'

const templates = Object.entries(smsTemplates)

test('there is a template for each message of the specification, section 7, and for a displaced handler', () => {
  expect(templates.map(([name, { params }]) => [name, params])).toEqual([
    ['code', ['code']],
    ['username', ['username']],
    ['password-reset', []],
    ['phone-changed', []],
    ['phone-changed-old', []],
    ['new-device', []],
    ['account-closing', ['date']],
    ['counter-proof', ['code']],
    ['counter-proof-old', []],
    ['handler-changed', []],
  ])
})

test('the old phone receives exactly the sentence of the specification, section 3', () => {
  expect(smsTemplates['phone-changed-old']['zh-CN']).toBe(
    '【统一用户平台】您在统一用户平台的手机号已更换，如非本人操作请致电12333',
  )
})

describe.each(templates)('%s', (name, { params, ...sentences }) => {
  test.each(Object.entries(sentences))(
    'has its parameters in their order in %s',
    (_locale, text) => {
      expect([...text.matchAll(/\{(\w+)\}/g)].map(([, param]) => param)).toEqual(params)
    },
  )

  test('names its sender and, except for a code, says what to do if it was not you', () => {
    expect(sentences['zh-CN']).toMatch(/^【统一用户平台】/)
    expect(sentences.en).toMatch(/^\[Unified User Platform\] /)
    if (name === 'code') return
    expect(sentences['zh-CN']).toMatch(/如非本人操作请致电12333$/)
    expect(sentences.en).toMatch(/If this was not you, call 12333$/)
  })
})

test('a vendor setting without an id for each template is refused', () => {
  const key = Buffer.alloc(32).toString('base64')
  const source = {
    MONGODB_URI: 'mongodb://127.0.0.1:27017/uup',
    REDIS_URL: 'redis://127.0.0.1:6379',
    DATA_KEYS: `1:${key}`,
    DIGEST_KEY: key,
    COOKIE_KEYS: 'c'.repeat(32),
    ...sampleLegalTexts,
  }
  const all = templates.map(([name], at) => `${name}=SMS_${at}`)
  expect(
    readEnvironment({ ...source, ALIYUN_SMS_TEMPLATES: all.join() }).ALIYUN_SMS_TEMPLATES,
  ).toMatchObject({ code: 'SMS_0', 'handler-changed': 'SMS_9' })
  for (const [at, [name]] of templates.entries())
    expect(() =>
      readEnvironment({ ...source, ALIYUN_SMS_TEMPLATES: all.toSpliced(at, 1).join() }),
    ).toThrow(`ALIYUN_SMS_TEMPLATES: lacks the template ${name}`)
})
