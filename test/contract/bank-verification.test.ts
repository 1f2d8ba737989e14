import { bankAliyun } from '../../src/adapters/vendors/aliyun/bank-aliyun.ts'
import { bankHttp } from '../../src/adapters/vendors/http/bank-http.ts'
import type { ExternalService } from '../../src/adapters/vendors/json-call.ts'
import { bankTencent } from '../../src/adapters/vendors/tencent/bank-tencent.ts'
import type { BankOutcome } from '../../src/ports/services/bank-outcomes.ts'
import type {
  BankAnswer,
  BankClaim,
  BankVerification,
} from '../../src/ports/services/bank-verification.ts'
import { aliyunReply } from '../support/vendors/aliyun.ts'
import { json, type Received, type Reply } from '../support/vendors/local-server.ts'
import { describeNetwork, onLine } from '../support/vendors/network.ts'
import { carelessText, claim } from '../support/vendors/samples.ts'
import { tencentError, tencentReply } from '../support/vendors/tencent-cloud.ts'

type Verifier = {
  readonly connect: (service: ExternalService, key?: string) => BankVerification
  /** Replies with this content if the request is valid. */
  readonly reply: (content: object) => (request: Received) => Reply
  readonly match: object
  /** All documented answers. */
  readonly answers: readonly (readonly [object, BankAnswer['outcome']])[]
  /** Undocumented answers, which are treated as unavailable and reported with this code. */
  readonly surprises: readonly (readonly [object, string])[]
  /** The request in the terms of the vendor. */
  readonly asked: (request: Received) => unknown
  readonly asking: unknown
  /** The vendor accepts resident ID cards only. */
  readonly residentsOnly: boolean
}

const now = Date.UTC(2026, 10, 23, 23, 59, 58)
const clock = () => now
const key = 'the-right-key'
const residentPhone = '13800000000'

const http: Verifier = {
  connect: bankHttp,
  reply: (content) => (request) =>
    request.url === '/bank/verifications' && request.method === 'POST'
      ? json(content)
      : json({}, 404),
  match: { outcome: 'match' },
  answers: (
    [
      'match',
      'mismatch',
      'no_record',
      'card_unusable',
      'not_debit',
      'unsupported_document',
      'unsupported_bank',
      'quota',
      'unavailable',
    ] as const
  ).map((outcome) => [{ outcome }, outcome]),
  surprises: [
    [{ outcome: 'MATCH' }, 'unreadable'],
    [{ outcome: 'match', cardKind: 'credit' }, 'unreadable'],
    [{ result: 'match' }, 'unreadable'],
    [[], 'unreadable'],
  ],
  asked: ({ body }) => JSON.parse(body),
  asking: { ...claim, phone: residentPhone },
  residentsOnly: false,
}

const aliyunAnswer = (SubCode?: string, BizCode = SubCode?.charAt(0)) => ({
  Code: '200',
  Message: carelessText,
  ResultObject: { BizCode, SubCode },
})
const aliyun: Verifier = {
  connect: (service, accessKeySecret = key) =>
    bankAliyun({ ...service, accessKeyId: 'LTAI-test', accessKeySecret, clock }),
  reply: (content) => {
    const rules = { accessKeyId: 'LTAI-test', accessKeySecret: key, now, nonces: new Set<string>() }
    return aliyunReply({ ...rules, action: 'BankMetaVerify', version: '2019-03-07' }, content)
  },
  match: aliyunAnswer('101'),
  answers: [
    ...Object.entries({
      101: 'match',
      201: 'mismatch',
      202: 'card_unusable',
      203: 'card_unusable',
      204: 'card_unusable',
      205: 'card_unusable',
      206: 'no_record',
      207: 'no_record',
      208: 'card_unusable',
      209: 'card_unusable',
      210: 'card_unusable',
      211: 'card_unusable',
      212: 'unsupported_bank',
      213: 'card_unusable',
      214: 'mismatch',
      215: 'mismatch',
      216: 'card_unusable',
      301: 'unsupported_bank',
      302: 'card_unusable',
      303: 'unsupported_bank',
      304: 'no_record',
      305: 'unavailable',
      306: 'quota',
    } satisfies Record<number, BankOutcome>).map(
      ([code, outcome]) => [aliyunAnswer(code), outcome] as const,
    ),
    [aliyunAnswer(undefined, '1'), 'match'],
    [aliyunAnswer(undefined, '2'), 'mismatch'],
    [aliyunAnswer(undefined, '3'), 'no_record'],
  ],
  surprises: [
    [aliyunAnswer('102'), '102'],
    [aliyunAnswer('299'), '299'],
    [aliyunAnswer('101', '2'), 'contradiction'],
    [aliyunAnswer(undefined, '4'), '4'],
    [aliyunAnswer(undefined, 'constructor'), 'constructor'],
    [aliyunAnswer(undefined, carelessText), 'unreadable'],
    [{ Code: '200', Message: 'success' }, '200'],
    [{ Code: '401', Message: carelessText }, '401'],
    [{ Code: '401', ResultObject: { BizCode: '1', SubCode: '101' } }, '401'],
    [{ Message: 'success' }, 'unreadable'],
  ],
  asked: ({ body }) => Object.fromEntries(new URLSearchParams(body)),
  asking: {
    ParamType: 'normal',
    VerifyMode: 'VERIFY_BANK_CARD',
    ProductType: 'BANK_CARD_4_META',
    BankCard: claim.account,
    UserName: claim.name,
    IdentifyNum: claim.idNumber,
    Mobile: residentPhone,
  },
  residentsOnly: true,
}

const tencent: Verifier = {
  connect: (service, secretKey = key) =>
    bankTencent({ ...service, secretId: 'AKID-test', secretKey, clock }),
  reply: (content) => {
    const rules = { secretId: 'AKID-test', secretKey: key, service: 'faceid', now }
    return tencentReply(
      { ...rules, action: 'BankCard4EVerification', version: '2018-03-01' },
      content,
    )
  },
  match: { Result: '0', Description: carelessText },
  answers: Object.entries({
    '0': 'match',
    '-1': 'mismatch',
    '-2': 'mismatch',
    '-3': 'mismatch',
    '-4': 'no_record',
    '-5': 'mismatch',
    '-6': 'mismatch',
    '-7': 'card_unusable',
    '-8': 'card_unusable',
    '-9': 'no_record',
    '-10': 'no_record',
    '-11': 'card_unusable',
    '-12': 'card_unusable',
    '-13': 'card_unusable',
    '-14': 'card_unusable',
    '-15': 'card_unusable',
    '-16': 'card_unusable',
    '-17': 'unsupported_bank',
    '-18': 'unavailable',
    '-19': 'quota',
    '-20': 'unsupported_document',
  } satisfies Record<string, BankOutcome>).map(([Result, outcome]) => [
    { Result, Description: carelessText },
    outcome,
  ]),
  surprises: [
    [{ Result: '-21' }, '-21'],
    [{ Result: '1' }, '1'],
    [{ Result: 'toString' }, 'toString'],
    [{ Result: carelessText }, 'unreadable'],
    [{ Result: null }, 'unreadable'],
    [tencentError('UnauthorizedOperation.Arrears'), 'UnauthorizedOperation.Arrears'],
    [tencentError('RequestLimitExceeded'), 'RequestLimitExceeded'],
    [{ ...tencentError('InternalError'), Result: '0' }, 'InternalError'],
  ],
  asked: ({ body }) => JSON.parse(body),
  asking: {
    Name: claim.name,
    BankCard: claim.account,
    Phone: residentPhone,
    IdCard: claim.idNumber,
    CertType: 0,
  },
  residentsOnly: true,
}

describe.each(
  Object.entries({ 'bank-http': http, 'bank-aliyun': aliyun, 'bank-tencent': tencent }),
)('%s', (_name, { connect, reply, match, answers, surprises, asked, asking, residentsOnly }) => {
  const ask = async (service: ExternalService, changed: Partial<BankClaim> = {}) =>
    connect(service).verify({ ...claim, ...changed })
  const adapter = {
    ask: async (service: ExternalService) => (await ask(service)).outcome,
    well: reply(match),
  }

  test.each(answers)('the answer %j means %s', (content, outcome) =>
    onLine({ ...adapter, well: reply(content) }, async ({ ask, server, reports }) => {
      expect(await ask()).toBe(outcome)
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

  test('every field of the claim is sent as typed, and none in the URL', () =>
    onLine(adapter, async ({ ask, server }) => {
      await ask()
      expect(server.received.map(asked)).toEqual([asking])
      expect(server.received[0]?.url).not.toContain('?')
    }))

  describeNetwork(adapter, 'match')

  if (!residentsOnly) return

  test('other documents are refused without a paid request', () => {
    const passport = { idType: '护照', idNumber: 'E12345678' } as const
    const asPassport = async (service: ExternalService) => (await ask(service, passport)).outcome
    return onLine({ ...adapter, ask: asPassport }, async (to) => {
      expect(await to.ask()).toBe('unsupported_document')
      expect(to.server.received).toHaveLength(0)
    })
  })

  test('a wrong key results in unavailable', () => {
    const withWrongKey = async (service: ExternalService) =>
      (await connect(service, 'a-wrong-key').verify(claim)).outcome
    return onLine({ ...adapter, ask: withWrongKey }, async (to) => {
      expect(await to.ask()).toBe('unavailable')
      expect(to.reports).toEqual([
        expect.stringMatching(/^(SignatureDoesNotMatch|AuthFailure\.SignatureFailure)$/),
      ])
    })
  })
})

describe('bank-http', () => {
  const abroad = { idType: '护照', idNumber: 'E12345678', phone: '+85291234567' } as const
  const verifyAbroad = async (service: ExternalService) =>
    JSON.stringify(await bankHttp(service).verify({ ...claim, ...abroad }))

  test.each(['debit', 'social-security'] as const)('returns that a card is %s', (cardKind) => {
    const answer = { outcome: 'match', cardKind }
    return onLine({ ask: verifyAbroad, well: http.reply(answer) }, async ({ ask }) => {
      expect(JSON.parse(await ask())).toEqual(answer)
    })
  })

  test('drops the card kind of a refusal', () => {
    const well = http.reply({ outcome: 'mismatch', cardKind: 'debit' })
    return onLine({ ask: verifyAbroad, well }, async ({ ask }) => {
      expect(JSON.parse(await ask())).toEqual({ outcome: 'mismatch' })
    })
  })

  test('sends any document, and a foreign phone number in E.164', () =>
    onLine(
      { ask: verifyAbroad, well: http.reply({ outcome: 'match' }) },
      async ({ ask, server }) => {
        await ask()
        expect(server.received.map(http.asked)).toEqual([{ ...claim, ...abroad }])
      },
    ))
})
