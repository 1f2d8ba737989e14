import { smsTemplates } from '../../config/sms-templates.ts'
import { smsAliyun } from '../../src/adapters/vendors/aliyun/sms-aliyun.ts'
import { smsHttp } from '../../src/adapters/vendors/http/sms-http.ts'
import type { ExternalService } from '../../src/adapters/vendors/json-call.ts'
import type { VendorTemplates } from '../../src/adapters/vendors/sms-vendor-template.ts'
import { smsTencent } from '../../src/adapters/vendors/tencent/sms-tencent.ts'
import type { SmsGateway, SmsMessage, SmsOutcome } from '../../src/ports/services/sms-gateway.ts'
import { aliyunReply } from '../support/vendors/aliyun.ts'
import { type Fault, json, type Received, type Reply } from '../support/vendors/local-server.ts'
import { describeNetwork, onLine } from '../support/vendors/network.ts'
import { carelessText, message } from '../support/vendors/samples.ts'
import { tencentError, tencentReply } from '../support/vendors/tencent-cloud.ts'

type ReplyOf = (request: Received) => Reply
type Gateway = {
  readonly connect: (service: ExternalService, key?: string) => SmsGateway
  readonly sent: ReplyOf
  /** All answers that are documented to concern the number. */
  readonly answers: Readonly<Record<string, readonly [ReplyOf, SmsOutcome]>>
  /** All other answers, which are treated as unavailable and reported with this code. */
  readonly surprises: Readonly<Record<string, readonly [ReplyOf, string]>>
  /** The request in the terms of the vendor. */
  readonly asked: (request: Received) => unknown
  readonly asking: readonly (readonly [Partial<SmsMessage>, unknown])[]
  /** The gateway has no key. */
  readonly open?: boolean
  /** Faults without effect, because only the status of the reply counts. */
  readonly harmless?: readonly Fault[]
}

const now = Date.UTC(2026, 10, 23, 23, 59, 58)
const clock = () => now
const key = 'the-right-key'
const signName = '统一用户平台'
const templates = {
  ...Object.fromEntries(Object.keys(smsTemplates).map((name) => [name, `${name}-1`])),
  'code-abroad': 'code-2',
} as VendorTemplates

const taken = { status: 202, body: '{}', type: 'application/json' }
const asJson = ({ body }: Received): unknown => JSON.parse(body)
const { phone, ...rest } = message
const abroad = { phone: '+85291234567' }
const notice = { template: 'phone-changed-old', params: {} } as const

const http: Gateway = {
  connect: smsHttp,
  sent: ({ method, url }) =>
    method === 'POST' && url === '/sms/messages' ? taken : { status: 404, body: '' },
  answers: {
    '202': [() => taken, 'sent'],
    '204': [() => ({ status: 204, body: '' }), 'sent'],
  },
  surprises: {
    '200': [() => json({ status: 'sent' }), 'status-200'],
    '400': [() => json({ error: carelessText }, 400), 'status-400'],
  },
  asked: asJson,
  asking: [
    [
      {},
      {
        phone: '13800000000',
        template: 'code',
        params: { code: '135790' },
        text: '【统一用户平台】验证码135790，5分钟内有效。工作人员不会向您索取验证码，请勿告诉他人。',
      },
    ],
    [
      { ...abroad, locale: 'en' },
      {
        phone: '+85291234567',
        template: 'code',
        params: { code: '135790' },
        text: '[Unified User Platform] Your code is 135790, valid for 5 minutes. Staff never ask for it: tell nobody.',
      },
    ],
    [
      notice,
      {
        phone: '13800000000',
        ...notice,
        text: '【统一用户平台】您在统一用户平台的手机号已更换，如非本人操作请致电12333',
      },
    ],
  ],
  open: true,
  harmless: ['says nothing', 'breaks the JSON', 'calls it HTML'],
}

const aliyunSays = (content: object) =>
  aliyunReply(
    {
      accessKeyId: 'LTAI-test',
      accessKeySecret: key,
      action: 'SendSms',
      version: '2017-05-25',
      now,
      nonces: new Set<string>(),
    },
    content,
  )
const aliyunCode = (Code: unknown) => aliyunSays({ Code, Message: carelessText })
const aliyun: Gateway = {
  connect: (service, accessKeySecret = key) =>
    smsAliyun({
      ...service,
      accessKeyId: 'LTAI-test',
      accessKeySecret,
      clock,
      signName,
      templates,
    }),
  sent: aliyunSays({ Code: 'OK', Message: 'OK', BizId: '900619746936498440^0' }),
  answers: {
    OK: [aliyunCode('OK'), 'sent'],
    'a wrong number': [aliyunCode('isv.MOBILE_NUMBER_ILLEGAL'), 'invalid_phone'],
    'a holder who opted out': [aliyunCode('isv.CUSTOMER_REFUSED'), 'invalid_phone'],
    'a reached frequency limit': [aliyunCode('isv.BUSINESS_LIMIT_CONTROL'), 'quota'],
  },
  surprises: {
    arrears: [aliyunCode('isv.AMOUNT_NOT_ENOUGH'), 'isv.AMOUNT_NOT_ENOUGH'],
    'no such template': [aliyunCode('isv.SMS_TEMPLATE_ILLEGAL'), 'isv.SMS_TEMPLATE_ILLEGAL'],
    'a refused text': [aliyunCode('isv.BLACK_KEY_CONTROL_LIMIT'), 'isv.BLACK_KEY_CONTROL_LIMIT'],
    'the exhausted limit of the day': [
      aliyunCode('isv.DAY_LIMIT_CONTROL'),
      'isv.DAY_LIMIT_CONTROL',
    ],
    'an internal failure': [aliyunCode('isp.SYSTEM_ERROR'), 'isp.SYSTEM_ERROR'],
    'an unknown code': [aliyunCode('ok'), 'ok'],
    'the name of an object member': [aliyunCode('constructor'), 'constructor'],
    'a sentence': [aliyunCode(carelessText), 'unreadable'],
    'no code': [aliyunSays({}), 'unreadable'],
  },
  asked: ({ body }) => Object.fromEntries(new URLSearchParams(body)),
  asking: [
    [
      {},
      {
        PhoneNumbers: '13800000000',
        SignName: signName,
        TemplateCode: 'code-1',
        TemplateParam: '{"code":"135790"}',
      },
    ],
    [
      abroad,
      {
        PhoneNumbers: '85291234567',
        SignName: signName,
        TemplateCode: 'code-2',
        TemplateParam: '{"code":"135790"}',
      },
    ],
    [
      notice,
      {
        PhoneNumbers: '13800000000',
        SignName: signName,
        TemplateCode: 'phone-changed-old-1',
        TemplateParam: '{}',
      },
    ],
  ],
}

const tencentSays = (content: object) =>
  tencentReply(
    {
      secretId: 'AKID-test',
      secretKey: key,
      service: 'sms',
      action: 'SendSms',
      version: '2021-01-11',
      region: 'ap-guangzhou',
      now,
    },
    content,
  )
const tencentCode = (Code: unknown) =>
  tencentSays({ SendStatusSet: [{ Code, Message: carelessText, PhoneNumber: phone, Fee: 1 }] })
const tencent: Gateway = {
  connect: (service, secretKey = key) =>
    smsTencent({
      ...service,
      secretId: 'AKID-test',
      secretKey,
      clock,
      appId: '1400006666',
      signName,
      templates,
    }),
  sent: tencentCode('Ok'),
  answers: {
    Ok: [tencentCode('Ok'), 'sent'],
    ...Object.fromEntries(
      (
        [
          ['InvalidParameterValue.IncorrectPhoneNumber', 'invalid_phone'],
          ['FailedOperation.PhoneNumberInBlacklist', 'invalid_phone'],
          ['UnsupportedOperation.UnsupportedRegion', 'invalid_phone'],
          ['LimitExceeded.DeliveryFrequencyLimit', 'quota'],
          ['LimitExceeded.PhoneNumberThirtySecondLimit', 'quota'],
          ['LimitExceeded.PhoneNumberOneHourLimit', 'quota'],
          ['LimitExceeded.PhoneNumberDailyLimit', 'quota'],
          ['LimitExceeded.PhoneNumberSameContentDailyLimit', 'quota'],
        ] as const
      ).flatMap(([code, outcome]) => [
        [`${code} for the number`, [tencentCode(code), outcome]],
        [`${code} for the request`, [tencentSays(tencentError(code)), outcome]],
      ]),
    ),
  },
  surprises: {
    arrears: [
      tencentCode('FailedOperation.InsufficientBalanceInSmsPackage'),
      'FailedOperation.InsufficientBalanceInSmsPackage',
    ],
    'no such template': [
      tencentSays(tencentError('FailedOperation.TemplateUnapprovedOrNotExist')),
      'FailedOperation.TemplateUnapprovedOrNotExist',
    ],
    'the exhausted limit of the day': [
      tencentCode('LimitExceeded.AppDailyLimit'),
      'LimitExceeded.AppDailyLimit',
    ],
    'an internal time-out': [tencentCode('InternalError.Timeout'), 'InternalError.Timeout'],
    'an unknown code': [tencentCode('OK'), 'OK'],
    'a sentence': [tencentCode(carelessText), 'unreadable'],
    'no number': [tencentSays({ SendStatusSet: [] }), 'unreadable'],
    'two numbers': [tencentSays({ SendStatusSet: [{ Code: 'Ok' }, { Code: 'Ok' }] }), 'unreadable'],
    'an error beside a success': [
      tencentSays({ ...tencentError('InternalError'), SendStatusSet: [{ Code: 'Ok' }] }),
      'InternalError',
    ],
  },
  asked: asJson,
  asking: [
    [
      {},
      {
        PhoneNumberSet: [phone],
        SmsSdkAppId: '1400006666',
        SignName: signName,
        TemplateId: 'code-1',
        TemplateParamSet: ['135790'],
      },
    ],
    [
      abroad,
      {
        PhoneNumberSet: ['+85291234567'],
        SmsSdkAppId: '1400006666',
        TemplateId: 'code-2',
        TemplateParamSet: ['135790'],
      },
    ],
    [
      notice,
      {
        PhoneNumberSet: [phone],
        SmsSdkAppId: '1400006666',
        SignName: signName,
        TemplateId: 'phone-changed-old-1',
        TemplateParamSet: [],
      },
    ],
  ],
}

describe.each(Object.entries({ 'sms-http': http, 'sms-aliyun': aliyun, 'sms-tencent': tencent }))(
  '%s',
  (_name, { connect, sent, answers, surprises, asked, asking, open, harmless }) => {
    const sending = (changed: Partial<SmsMessage> = {}, secret?: string) => ({
      ask: (service: ExternalService) =>
        connect(service, secret).send({ ...rest, phone, ...changed }),
      well: sent,
    })

    test.each(Object.entries(answers))('handles the answer for %s', (_label, [well, outcome]) =>
      onLine({ ...sending(), well }, async ({ ask, server, reports }) => {
        expect(await ask()).toBe(outcome)
        expect(server.received).toHaveLength(1)
        expect(reports).toEqual([])
      }),
    )

    test.each(Object.entries(surprises))(
      'treats %s as unavailable and reports it',
      (_label, [well, reported]) =>
        onLine({ ...sending(), well }, async ({ ask, server, reports }) => {
          expect(await ask()).toBe('unavailable')
          expect(server.received).toHaveLength(1)
          expect(reports).toEqual([reported])
        }),
    )

    test.each(asking)(
      'sends the complete message with %j, and no part of it in the URL',
      (changed, words) =>
        onLine(sending(changed), async ({ ask, server }) => {
          expect(await ask()).toBe('sent')
          expect(server.received.map(asked)).toEqual([words])
          expect(server.received[0]?.url).not.toContain('?')
        }),
    )

    describeNetwork(sending(), 'sent', harmless)

    if (open) return

    test('treats a refused key as unavailable', () =>
      onLine(sending({}, 'a-wrong-key'), async ({ ask, reports }) => {
        expect(await ask()).toBe('unavailable')
        expect(reports).toEqual([
          expect.stringMatching(/^(SignatureDoesNotMatch|AuthFailure\.SignatureFailure)$/),
        ])
      }))
  },
)
