import type { AddressInfo } from 'node:net'
import { simulators } from '../../sandbox/simulators/simulators.ts'
import { bankHttp } from '../../src/adapters/vendors/http/bank-http.ts'
import { numberAgeHttp } from '../../src/adapters/vendors/http/number-age-http.ts'
import { registryHttp } from '../../src/adapters/vendors/http/registry-http.ts'
import { smsHttp } from '../../src/adapters/vendors/http/sms-http.ts'
import type { ExternalService } from '../../src/adapters/vendors/json-call.ts'
import { claim, message, unit } from '../support/vendors/samples.ts'

/** The vendor adapters have tests with their own servers; here they call the simulators of the sandbox. */
async function withSimulators(test: (service: ExternalService) => Promise<void>) {
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

const put = async ({ baseUrl }: ExternalService, path: string, body: object) => {
  const init = { method: 'PUT', body: JSON.stringify(body) }
  expect((await fetch(baseUrl + path, init)).status).toBe(204)
}

const { bank, name, idType, idNumber, account } = claim
const holder = { bank, name, idType, idNumber, phone: '13800000000' }

test.each([
  ['debit', { outcome: 'match', cardKind: 'debit' }],
  ['social-security', { outcome: 'match', cardKind: 'social-security' }],
  ['credit', { outcome: 'not_debit' }],
] as const)('the bank answers for a %s card according to its kind', (kind, answer) =>
  withSimulators(async (service) => {
    await put(service, `/bank/cards/${account}`, { ...holder, kind })
    expect(await bankHttp(service).verify(claim)).toEqual(answer)
    expect(await bankHttp(service).verify({ ...claim, phone: '+8613900000000' })).toEqual({
      outcome: 'mismatch',
    })
    expect(await bankHttp(service).verify({ ...claim, account: '1' })).toEqual({
      outcome: 'no_record',
    })
  }),
)

test('the SMS gateway delivers the complete message', () =>
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

test('the registry knows a unit after it was added', () =>
  withSimulators(async (service) => {
    const { code, ...holder } = unit
    expect(await registryHttp(service).verify(unit)).toBe('no_record')
    await put(service, `/registry/organisations/${code}`, holder)
    expect(await registryHttp(service).verify(unit)).toBe('match')
    expect(await registryHttp(service).verify({ ...unit, name: '别的单位' })).toBe('mismatch')
  }))

test.each(['+8613800000000', '+85291234567'])('the operator returns the age of %s', (phone) =>
  withSimulators(async (service) => {
    expect(await numberAgeHttp(service).ask(phone)).toEqual({ months: 120 })
    await put(service, `/phones/${phone}`, { monthsOnNetwork: 2 })
    expect(await numberAgeHttp(service).ask(phone)).toEqual({ months: 2 })
  }),
)

test.each(['error', 'down'])('a service with the simulated fault %s is unavailable', (fault) =>
  withSimulators(async (service) => {
    await put(service, '/faults', { bank: fault, sms: fault, registry: fault, phones: fault })
    expect(await bankHttp(service).verify(claim)).toEqual({ outcome: 'unavailable' })
    expect(await smsHttp(service).send(message)).toBe('unavailable')
    expect(await registryHttp(service).verify(unit)).toBe('unavailable')
    expect(await numberAgeHttp(service).ask(claim.phone)).toBe('unavailable')
    const calls = await fetch(`${service.baseUrl}/calls`)
    expect(await calls.json()).toEqual({ bank: 1, sms: 1, registry: 1, phones: 1 })
  }),
)
