import type { AddressInfo } from 'node:net'
import { simulators } from '../../sandbox/simulators/simulators.ts'
import { bankHttp } from '../../src/adapters/bank-http.ts'
import type { OutsideService } from '../../src/adapters/outside-call.ts'
import { smsHttp } from '../../src/adapters/sms-http.ts'
import { claim, message } from '../support/vendors/samples.ts'

/** The adapters and the simulators were written apart: here they meet. */
async function withSimulators(test: (service: OutsideService) => Promise<void>) {
  const server = simulators().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  try {
    await test({ baseUrl: `http://127.0.0.1:${port}`, timeout: 5 })
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

const put = async ({ baseUrl }: OutsideService, path: string, body: object) => {
  const init = { method: 'PUT', body: JSON.stringify(body) }
  expect((await fetch(baseUrl + path, init)).status).toBe(204)
}

const { bank, name, idType, idNumber, account } = claim
const held = { bank, name, idType, idNumber, phone: '13800000000' }

test.each([
  ['debit', { outcome: 'match', cardKind: 'debit' }],
  ['social-security', { outcome: 'match', cardKind: 'social-security' }],
  ['credit', { outcome: 'not_debit' }],
] as const)('the bank that holds a %s card answers so', (kind, answer) =>
  withSimulators(async (service) => {
    await put(service, `/bank/cards/${account}`, { ...held, kind })
    expect(await bankHttp(service).verify(claim)).toEqual(answer)
    expect(await bankHttp(service).verify({ ...claim, phone: '+8613900000000' })).toEqual({
      outcome: 'mismatch',
    })
    expect(await bankHttp(service).verify({ ...claim, account: '1' })).toEqual({
      outcome: 'no_record',
    })
  }),
)

test('a message arrives whole', () =>
  withSimulators(async (service) => {
    expect(await smsHttp(service).send(message)).toBe('sent')
    const inbox = await fetch(`${service.baseUrl}/sms/messages?phone=13800000000`)
    expect(await inbox.json()).toEqual([
      expect.objectContaining({
        phone: '13800000000',
        template: 'code',
        params: { code: '135790' },
        text: expect.stringContaining('验证码135790'),
      }),
    ])
  }))

test.each(['error', 'down'])('a service that is told to fail (%s) is unavailable', (fault) =>
  withSimulators(async (service) => {
    await put(service, '/faults', { bank: fault, sms: fault })
    expect(await bankHttp(service).verify(claim)).toEqual({ outcome: 'unavailable' })
    expect(await smsHttp(service).send(message)).toBe('unavailable')
    const calls = await fetch(`${service.baseUrl}/calls`)
    expect(await calls.json()).toMatchObject({ bank: 1, sms: 1 })
  }),
)
