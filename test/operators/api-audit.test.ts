import { type ApiAnswer, adminApi, fieldsOf, problemOf } from '../support/admin-api.ts'
import { operatorsOf } from '../support/console.ts'
import { countedBy } from '../support/counted.ts'
import { enrol } from '../support/enrolled.ts'
import { samplePerson } from '../support/people.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

let platform: TestPlatform
let api: Awaited<ReturnType<typeof adminApi>>
let desk: Awaited<ReturnType<typeof operatorsOf>>
beforeAll(async () => {
  platform = await testPlatform({
    policy: (usual) => {
      const auditExport = { ...usual.operators.auditExport, most: 20 }
      return { ...usual, operators: { ...usual.operators, auditExport } } as unknown as typeof usual
    },
  })
  api = await adminApi(platform)
  desk = await operatorsOf(platform)
})
afterAll(() => platform.close())

const eventsIn = ({ body }: ApiAnswer) => body['events'] as Record<string, string>[]

test('events are read page by page without addresses, by client as operator too, and the look is an event', async () => {
  const person = samplePerson()
  const account = await enrol(platform, person)
  const machine = await api.newClient()
  const reason = '群众来电'
  for (const action of ['unlock', 'freeze', 'unfreeze'])
    await machine.call('POST', `/accounts/${account}/${action}`, { reason })
  const read = (query: string) => machine.call('GET', `/audit?account=${account}&${query}`)
  const first = await read('limit=2')
  expect(eventsIn(first)).toEqual(
    ['account-unfrozen', 'account-frozen'].map((what) => ({
      ...{ id: expect.any(String), at: expect.stringMatching(/Z$/), what },
      ...{ account, operator: machine.id, reason },
    })),
  )
  const cursor = encodeURIComponent(String(first.body['next']))
  const last = await read(`limit=2&what=account-unlocked`)
  expect([eventsIn(last).length, last.body]).toEqual([
    1,
    expect.not.objectContaining({ next: expect.anything() }),
  ])
  expect((await read(`limit=2&cursor=${cursor}`)).status).toBe(200)
  // 1970 is ms 0, which is a time as well.
  expect(eventsIn(await read('to=1970-01-01T00:00:00Z'))).toEqual([])
  const byOperator = await machine.call('GET', `/audit?operator=${machine.id}&what=account-frozen`)
  expect(eventsIn(byOperator)).toHaveLength(1)
  const looks = platform.stores.mongodb.collection('audit')
  const own = await looks.find({ what: 'audit-searched', operator: machine.id }).toArray()
  expect(own).toHaveLength(5)
  const auditor = await desk.signedIn(await desk.newOperator('auditor'))
  const page = await auditor.get(`/audit?operator=${machine.id}&what=account-frozen`)
  expect([page.status, page.$('tbody tr').length]).toEqual([200, 1])
})

test('times, filters and cursors that are none are refused', async () => {
  const machine = await api.newClient(['admin:audit:read'])
  for (const cursor of ['none', 'x'.repeat(40)])
    expect(problemOf(await machine.call('GET', `/audit?cursor=${cursor}`))).toBe('400 request')
  const wrong = [
    ['from=yesterday&to=2026-13-01T00:00:00Z', ['from', 'to']],
    ['what=anything&limit=1001', ['limit', 'what']],
    ['account=', ['account']],
    ['operator=nobody', ['operator']],
    ['acount=1', ['acount']],
    ['what=registered&what=signed-in', ['what']],
  ] as const
  for (const [query, fields] of wrong) {
    const answer = await machine.call('GET', `/audit?${query}`)
    expect([query, problemOf(answer), fieldsOf(answer)]).toEqual([
      query,
      '422 invalid-values',
      fields,
    ])
  }
})

test('more events in 24 hours than one auditor may export take two persons, all requests added up', async () => {
  const machine = await api.newClient()
  const account = await enrol(platform, samplePerson())
  for (let count = 0; count < 6; count += 1)
    await machine.call('POST', `/accounts/${account}/unlock`, { reason: '核对' })
  const read = () => machine.call('GET', `/audit?account=${account}&what=account-unlocked`)
  const answers = [await read(), await read(), await read(), await read()]
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 403])
  expect(problemOf(answers.at(-1) as ApiAnswer)).toBe('403 two-persons')
  expect(answers.at(-1)?.body['detail']).toContain('20')
})

test('运行状况 by hour and by day has what the page shows, within the time that counters are kept', async () => {
  const machine = await api.newClient(['admin:stats:read'])
  const { counters } = await countedBy(platform)
  counters.add('sign-ins', { outcome: 'wrong' }, 3)
  await counters.stop()
  const hourly = await machine.call('GET', '/stats?by=hour')
  expect(hourly.body['signIns']).toEqual([
    { at: expect.stringMatching(/:00:00.000Z$/), outcome: 'wrong', count: 3 },
  ])
  const daily = await machine.call('GET', '/stats')
  expect(Object.keys(daily.body)).toEqual([
    ...['from', 'to', 'by', 'registrations', 'signIns', 'bankChecks', 'sms', 'limits'],
  ])
  expect(daily.body['by']).toBe('day')
  const wrong = [
    ['by=week', ['by']],
    ['from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z', ['to']],
    ['from=2026-09-01T00:00:00Z&to=2026-11-01T00:00:00Z&by=hour', ['from']],
    ['from=1', ['from']],
  ] as const
  for (const [query, fields] of wrong) {
    const answer = await machine.call('GET', `/stats?${query}`)
    expect([query, problemOf(answer), fieldsOf(answer)]).toEqual([
      query,
      '422 invalid-values',
      fields,
    ])
  }
})
