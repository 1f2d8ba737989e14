import { registryHttp } from '../../src/adapters/vendors/http/registry-http.ts'
import type { ExternalService } from '../../src/adapters/vendors/json-call.ts'
import type { UnitClaim } from '../../src/ports/services/organisation-registry.ts'
import { json, type Reply } from '../support/vendors/local-server.ts'
import { describeNetwork, onLine } from '../support/vendors/network.ts'
import { carelessText, unit } from '../support/vendors/samples.ts'

const { code, ...entry } = unit

describe('registry-http', () => {
  const asks =
    (changed: Partial<UnitClaim> = {}, token?: string) =>
    (service: ExternalService) =>
      registryHttp({ ...service, token }).verify({ ...unit, ...changed })
  const registry = (reply: Reply) => ({ ask: asks(), well: () => reply })
  const adapter = registry(json(entry))

  test.each([
    ['match', json(entry)],
    ['mismatch', json({ ...entry, name: '深圳市另一家有限公司' })],
    ['mismatch', json({ ...entry, legalRepresentative: '李四' })],
    ['mismatch', json({ ...entry, legalRepresentativeIdNumber: '440524188001010014' })],
    ['no_record', json({ error: 'no_record' }, 404)],
    ['quota', json({ error: 'quota' }, 429)],
  ])('returns %s', (outcome, reply) =>
    onLine(registry(reply), async ({ ask, server, reports }) => {
      expect(await ask()).toBe(outcome)
      expect(server.received).toHaveLength(1)
      expect(reports).toEqual([])
    }),
  )

  test.each([
    ['a 404 of another server', json({ error: carelessText }, 404), 'unreadable'],
    ['a 404 without a body', { status: 404, body: '' }, 'unreadable'],
    ['a wrong token', json({ error: carelessText }, 401), 'status-401'],
    ['an incomplete entry', json({ name: unit.name }), 'unreadable'],
    ['a list', json([entry]), 'unreadable'],
    ['an unknown error', json({ error: 'closed' }), 'unreadable'],
  ])('treats %s as unavailable and reports it', (_label, reply, reported) =>
    onLine(registry(reply), async ({ ask, reports }) => {
      expect(await ask()).toBe('unavailable')
      expect(reports).toEqual([reported])
    }),
  )

  test.each<[string, Partial<UnitClaim>]>([
    ['the width of brackets', { name: '深圳市某某(集团)有限公司' }],
    ['the dot of an ethnic name', { legalRepresentative: '阿卜杜•𠂇&=甲' }],
    ['the case of an X', { legalRepresentativeIdNumber: '11010519491231002x' }],
    ['spaces in a number', { legalRepresentativeIdNumber: '110105 19491231 002X' }],
  ])('ignores differences in %s', (_label, typed) =>
    onLine({ ...adapter, ask: asks(typed) }, async ({ ask }) => {
      expect(await ask()).toBe('match')
    }),
  )

  test('sends only the public code and, where configured, the token', () =>
    onLine({ ...adapter, ask: asks({}, 'secret-token') }, async ({ ask, server }) => {
      expect(await ask()).toBe('match')
      expect(server.received).toEqual([
        expect.objectContaining({
          method: 'GET',
          url: `/registry/organisations/${code}`,
          body: '',
          headers: expect.objectContaining({ authorization: 'Bearer secret-token' }),
        }),
      ])
    }))

  test('encodes the code, so that it can not change the path', () =>
    onLine({ ...adapter, ask: asks({ code: 'A/../B?c' }) }, async ({ ask, server }) => {
      await ask()
      expect(server.received[0]?.url).toBe('/registry/organisations/A%2F..%2FB%3Fc')
    }))

  describeNetwork(adapter, 'match')
})
