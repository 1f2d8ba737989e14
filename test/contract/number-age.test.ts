import { numberAgeAliyun } from '../../src/adapters/vendors/aliyun/number-age-aliyun.ts'
import { numberAgeHttp } from '../../src/adapters/vendors/http/number-age-http.ts'
import type { ExternalService } from '../../src/adapters/vendors/json-call.ts'
import { numberAgeTencent } from '../../src/adapters/vendors/tencent/number-age-tencent.ts'
import type { NumberAge, NumberAges } from '../../src/ports/services/number-age.ts'
import { aliyunReply } from '../support/vendors/aliyun.ts'
import { json, type Received, type Reply } from '../support/vendors/local-server.ts'
import { describeNetwork, onLine } from '../support/vendors/network.ts'
import { carelessText } from '../support/vendors/samples.ts'
import { tencentError, tencentReply } from '../support/vendors/tencent-cloud.ts'

type Operator = {
  readonly connect: (service: ExternalService, key?: string) => NumberAges
  /** Replies with this content if the request is valid. */
  readonly reply: (content: object) => (request: Received) => Reply
  /** The answer that a number is six months old. */
  readonly six: object
  /** All documented answers. */
  readonly answers: readonly (readonly [object, NumberAge])[]
  /** Undocumented answers, which are treated as unavailable and reported with this code. */
  readonly surprises: readonly (readonly [object, string])[]
  /** The request in the terms of the vendor. */
  readonly asked: (request: Received) => unknown
  readonly asking: unknown
  /** The service requires a key and knows mainland numbers only. */
  readonly vendor: boolean
}

const now = Date.UTC(2026, 10, 23, 23, 59, 58)
const clock = () => now
const key = 'the-right-key'
const phone = '+8613800000000'

const http: Operator = {
  connect: numberAgeHttp,
  reply: (content) => (request) =>
    request.url === '/phones/13800000000/age' && request.method === 'GET'
      ? json(content)
      : json({ error: carelessText }, 404),
  six: { monthsOnNetwork: 6 },
  answers: [
    [{ monthsOnNetwork: 0 }, { months: 0 }],
    [{ monthsOnNetwork: 120 }, { months: 120 }],
  ],
  surprises: [
    [{ monthsOnNetwork: -1 }, 'unreadable'],
    [{ monthsOnNetwork: 1.5 }, 'unreadable'],
    [{ monthsOnNetwork: '6' }, 'unreadable'],
    [{}, 'unreadable'],
  ],
  asked: ({ method, body }) => [method, body],
  asking: ['GET', ''],
  vendor: false,
}

const aliyunAnswer = (BizCode: string, TimeCode?: string) => ({
  Code: '200',
  Message: carelessText,
  ResultObject: { BizCode, TimeCode, IspName: 'CMCC' },
})
const aliyun: Operator = {
  connect: (service, accessKeySecret = key) =>
    numberAgeAliyun({ ...service, accessKeyId: 'LTAI-test', accessKeySecret, clock }),
  reply: (content) => {
    const rules = { accessKeyId: 'LTAI-test', accessKeySecret: key, now, nonces: new Set<string>() }
    return aliyunReply({ ...rules, action: 'MobileOnlineTime', version: '2019-03-07' }, content)
  },
  six: aliyunAnswer('1', '3'),
  answers: [
    [aliyunAnswer('1', '1'), { months: 0 }],
    [aliyunAnswer('1', '2'), { months: 3 }],
    [aliyunAnswer('1', '3'), { months: 6 }],
    [aliyunAnswer('1', '4'), { months: 12 }],
    [aliyunAnswer('1', '5'), { months: 24 }],
    [aliyunAnswer('3'), 'unknown'],
  ],
  surprises: [
    [aliyunAnswer('2', '1'), '2'],
    [aliyunAnswer('1', '6'), 'unreadable'],
    [aliyunAnswer('1', 'constructor'), 'unreadable'],
    [aliyunAnswer('1'), 'unreadable'],
    [aliyunAnswer(carelessText, '1'), 'unreadable'],
    [{ Code: '200', Message: 'success' }, '200'],
    [{ Code: '401', ResultObject: { BizCode: '1', TimeCode: '3' } }, '401'],
    [{ Message: 'success' }, 'unreadable'],
  ],
  asked: ({ body }) => Object.fromEntries(new URLSearchParams(body)),
  asking: { ParamType: 'normal', Mobile: '13800000000' },
  vendor: true,
}

const tencentAnswer = (Result: string, Range = '') => ({ Result, Description: carelessText, Range })
const tencent: Operator = {
  connect: (service, secretKey = key) =>
    numberAgeTencent({ ...service, secretId: 'AKID-test', secretKey, clock }),
  reply: (content) => {
    const rules = { secretId: 'AKID-test', secretKey: key, service: 'faceid', now }
    const action = { action: 'MobileNetworkTimeVerification', version: '2018-03-01' }
    return tencentReply({ ...rules, ...action }, content)
  },
  six: tencentAnswer('0', '[6,12)'),
  answers: [
    [tencentAnswer('0', '[0,3)'), { months: 0 }],
    [tencentAnswer('0', '[6,12)'), { months: 6 }],
    [tencentAnswer('0', '[24,+)'), { months: 24 }],
    [tencentAnswer('-1'), 'unknown'],
    [tencentAnswer('-2'), 'unknown'],
    [tencentAnswer('-3'), 'unknown'],
    [tencentAnswer('-4'), 'unavailable'],
    [tencentAnswer('-5'), 'unknown'],
    [{ Result: '-3' }, 'unknown'],
  ],
  surprises: [
    [tencentAnswer('-6'), '-6'],
    [tencentAnswer('1', '[6,12)'), '1'],
    [tencentAnswer('0', ''), 'unreadable'],
    [tencentAnswer('0', '6'), 'unreadable'],
    [tencentAnswer('0', '(6,12]'), 'unreadable'],
    [tencentAnswer('0', carelessText), 'unreadable'],
    [{ Result: '0' }, 'unreadable'],
    [{ Range: '[6,12)' }, 'unreadable'],
    [tencentAnswer('toString', '[6,12)'), 'toString'],
    [tencentError('RequestLimitExceeded'), 'RequestLimitExceeded'],
    [{ ...tencentError('InternalError'), Result: '0', Range: '[6,12)' }, 'InternalError'],
  ],
  asked: ({ body }) => JSON.parse(body),
  asking: { Mobile: '13800000000' },
  vendor: true,
}

/** The shared network tests compare outcomes as text. */
const asText = (age: NumberAge) => (typeof age === 'string' ? age : `${age.months} months`)

describe.each(
  Object.entries({
    'number-age-http': http,
    'number-age-aliyun': aliyun,
    'number-age-tencent': tencent,
  }),
)('%s', (_name, { connect, reply, six, answers, surprises, asked, asking, vendor }) => {
  const asksAbout = (number: string, secret?: string) => async (service: ExternalService) =>
    asText(await connect(service, secret).ask(number))
  const adapter = { ask: asksAbout(phone), well: reply(six) }

  test.each(answers)('the answer %j means %j', (content, age) =>
    onLine({ ...adapter, well: reply(content) }, async ({ ask, server, reports }) => {
      expect(await ask()).toBe(asText(age))
      expect(server.received).toHaveLength(1)
      expect(reports).toEqual([])
    }),
  )

  test.each(surprises)(
    'the undocumented answer %j means unavailable and is reported as %s',
    (content, reported) =>
      onLine({ ...adapter, well: reply(content) }, async ({ ask, server, reports }) => {
        expect(await ask()).toBe('unavailable')
        expect(server.received).toHaveLength(1)
        expect(reports).toEqual([reported])
      }),
  )

  test('only the number is sent', () =>
    onLine(adapter, async ({ ask, server }) => {
      await ask()
      expect(server.received.map(asked)).toEqual([asking])
      expect(server.received[0]?.url).not.toContain('?')
    }))

  describeNetwork(adapter, '6 months')

  if (!vendor) return

  test('a foreign number is unknown without a paid request', () =>
    onLine({ ...adapter, ask: asksAbout('+85291234567') }, async (to) => {
      expect(await to.ask()).toBe('unknown')
      expect(to.server.received).toHaveLength(0)
      expect(to.reports).toEqual([])
    }))

  test('a wrong key results in unavailable', () =>
    onLine({ ...adapter, ask: asksAbout(phone, 'a-wrong-key') }, async (to) => {
      expect(await to.ask()).toBe('unavailable')
      expect(to.reports).toEqual([
        expect.stringMatching(/^(SignatureDoesNotMatch|AuthFailure\.SignatureFailure)$/),
      ])
    }))
})
