import { randomBytes } from 'node:crypto'
import { kmsVendors } from '../support/vendors/kms-providers.ts'
import {
  type Fault,
  faults,
  json,
  type LocalServer,
  localServer,
} from '../support/vendors/local-server.ts'

const dataKey = randomBytes(32)
const context = 'data_keys/data.1'
const keys = { 'key-1': randomBytes(32) }

describe.each(Object.entries(kmsVendors))('%s', (name, { provider, server, badSignature }) => {
  let kms: LocalServer
  let reports: string[]
  beforeEach(async () => {
    kms = await localServer()
    kms.answer(server(keys))
    reports = []
  })
  afterEach(() => kms.close())
  const line = (more: { readonly secret?: string; readonly timeout?: number } = {}) =>
    provider({
      ...{ baseUrl: kms.baseUrl, keyId: 'key-1', ...more },
      report: (word) => void reports.push(word),
    })

  test('one signed POST wraps a key, and nothing of the key stands in the address', async () => {
    await line().wrap(dataKey, context)
    expect(kms.received.map(({ method, url }) => [method, url])).toEqual([['POST', '/']])
    expect(reports).toEqual([])
  })

  test.each(['wrap', 'unwrap'] as const)(
    'a refusal of %s names the setting and the code, is not repeated and tells nothing else',
    async (call) => {
      const stored = await line().wrap(dataKey, context)
      const other = line({ secret: 'another-secret' })
      const refused = call === 'wrap' ? other.wrap(dataKey, context) : other.unwrap(stored, context)
      await expect(refused).rejects.toMatchObject({
        name: 'WrappingKeyMissing',
        message: expect.stringMatching(
          new RegExp(`^KMS_SETTINGS: ${name} refuses to ${call} .*\\(${badSignature}\\)$`),
        ),
      })
      expect(kms.received).toHaveLength(2)
    },
  )

  /** A redirect is refused and counts as no answer. */
  test.each(faults)(
    'a KMS that %s is asked three times, then the call rejects with Outage',
    async (fault) => {
      kms.answer(server(keys), fault)
      const timeout = fault.startsWith('hangs') ? 0.2 : 60
      await expect(line({ timeout }).wrap(dataKey, context)).rejects.toMatchObject({
        name: 'Outage',
        reason: `KMS_SETTINGS: ${name} does not answer (no answer)`,
      })
      expect(kms.received).toHaveLength(3)
      expect(reports).toHaveLength(3)
    },
  )

  test('a KMS that is busy or comes back meanwhile wraps the key', async () => {
    const busy = {
      'aliyun-kms': json({ Code: 'Throttling.User' }, 400),
      'tencent-kms': json({ Response: { Error: { Code: 'RequestLimitExceeded' } } }),
    }
    const usual = server(keys)
    const spoils: readonly (Fault | undefined)[] = [undefined, 'closes', undefined]
    let call = 0
    const answerNext = () =>
      kms.answer((request) => {
        call += 1
        const reply = call === 1 ? busy[name as keyof typeof busy] : usual(request)
        queueMicrotask(answerNext)
        return reply
      }, spoils[call])
    answerNext()
    const stored = await line().wrap(dataKey, context)
    expect(kms.received).toHaveLength(3)
    expect(await line().unwrap(stored, context)).toEqual(dataKey)
  })

  test('after five unanswered calls the circuit breaker is open and the KMS is left alone', async () => {
    kms.answer(server(keys), 'fails')
    const opened = line()
    for (let n = 0; n < 3; n += 1)
      await expect(opened.wrap(dataKey, context)).rejects.toMatchObject({ name: 'Outage' })
    expect(kms.received).toHaveLength(5)
  })
})
