import type { Policy } from '../../config/limits-and-lifetimes.ts'
import { operatorsRouteName, publicRouteName } from '../../src/web/health/route-names.ts'
import { alerts, dashboard, queries } from '../support/grafana.ts'
import { leaksIn } from '../support/leak-search.ts'
import { type Sample, samplesOf, scraped, sumOf } from '../support/metrics.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { readPromql } from '../support/promql.ts'
import { registeredRoutes } from '../support/registered-routes.ts'
import { simulatedDay } from '../support/simulated-day.ts'

const token = 'the token of Prometheus'
const headers = { authorization: `Bearer ${token}` }

/** The breaker opens at the outage of the day, and stays open. */
const opensAtOnce = (usual: Policy['externalServices']) =>
  ({ ...usual, breakerFailures: 1, breakerRest: 3600 }) as unknown as Policy['externalServices']

let platform: TestPlatform
let typed: Readonly<Record<string, string>>
let text: string
let samples: readonly Sample[]
beforeAll(async () => {
  platform = await testPlatform({
    env: { METRICS_TOKEN: token },
    policy: (usual) => ({ ...usual, externalServices: opensAtOnce(usual.externalServices) }),
  })
  typed = await simulatedDay(platform)
  text = (await scraped(platform.adminUrl, headers)).text
  samples = samplesOf(text)
})
afterAll(() => platform?.close())

test.each([{}, { authorization: 'Bearer of another' }, { authorization: token }])(
  '/metrics answers 401 without its token: %j',
  async (given) => {
    const refused = await scraped(platform.adminUrl, given)
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect(refused.text).not.toContain('uup_')
  },
)

test('the answer is the text format of Prometheus, and nobody caches it', async () => {
  const answer = await scraped(platform.adminUrl, headers)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  expect(answer.headers.get('cache-control')).toBe('no-store')
})

/** The families of the specification, section 14, with their labels. */
const families = {
  http_requests_total: ['route', 'status'],
  http_request_seconds_count: ['route'],
  uup_flow_steps_total: ['flow', 'outcome', 'step'],
  uup_sign_ins_total: ['outcome'],
  uup_external_calls_seconds_count: ['outcome', 'service'],
  uup_breaker_open: ['service'],
  uup_budget_used_ratio: ['budget'],
  uup_limits_hit_total: ['limit'],
  uup_requests_refused_total: ['class'],
  uup_hash_queue: [],
  uup_tasks_waiting: ['kind'],
  uup_tasks_oldest_seconds: ['kind'],
  uup_mongodb_seconds_count: ['command'],
  uup_redis_seconds_count: ['command'],
  process_cpu_seconds_total: [],
  nodejs_eventloop_lag_p99_seconds: [],
}

test.each(Object.entries(families))('after a day %s has the labels %j', (name, labels) => {
  const found = samples.filter((sample) => sample.name === name)
  expect(found.length).toBeGreaterThan(0)
  for (const sample of found) expect(Object.keys(sample.labels).sort()).toEqual(labels)
})

test('the numbers are those of the day', () => {
  const flow = 'register'
  const step = 'bank'
  expect(
    [
      ['uup_flow_steps_total', { flow, step: 'start', outcome: 'begun' }],
      ['uup_flow_steps_total', { flow, step, outcome: 'passed' }],
      ['uup_flow_steps_total', { flow, step, outcome: 'refused' }],
      ['uup_flow_steps_total', { flow, step, outcome: 'limited' }],
      ['uup_flow_steps_total', { flow, step, outcome: 'unavailable' }],
      ['uup_sign_ins_total', { outcome: 'wrong' }],
      ['uup_sign_ins_total', { outcome: 'password' }],
      ['uup_external_calls_seconds_count', { service: 'bank', outcome: 'match' }],
      ['uup_external_calls_seconds_count', { service: 'bank', outcome: 'no_record' }],
      ['uup_external_calls_seconds_count', { service: 'bank', outcome: 'unavailable' }],
      ['uup_external_calls_seconds_count', { service: 'sms', outcome: 'sent' }],
      ['uup_limits_hit_total', {}],
      ['http_requests_total', { route: '/register/:id/:step', status: '429' }],
      ['http_requests_total', { route: '/register/:id/:step', status: '503' }],
      ['http_requests_total', { route: 'console', status: '200' }],
      ['http_requests_total', { route: 'none', status: '404' }],
    ].map(([name, labels]) => sumOf(samples, name as string, labels as Record<string, string>)),
  ).toEqual([2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1])
  expect(sumOf(samples, 'uup_budget_used_ratio', { budget: 'sms.hour' })).toBe(2 / 2000)
  expect(sumOf(samples, 'uup_breaker_open', { service: 'bank' })).toBe(1)
  expect(sumOf(samples, 'uup_breaker_open')).toBe(1)
  for (const route of ['/token', '/auth'])
    expect(sumOf(samples, 'http_requests_total', { route })).toBeGreaterThan(0)
  for (const command of ['insert', 'find', 'aggregate'])
    expect(sumOf(samples, 'uup_mongodb_seconds_count', { command })).toBeGreaterThan(0)
  expect(sumOf(samples, 'uup_redis_seconds_count', { command: 'evalsha' })).toBeGreaterThan(0)
})

test('all routes of both listeners have fewer than 100 names', () => {
  const all = new Set([
    ...registeredRoutes(platform.apps()).map(({ path }) => publicRouteName(path)),
    ...registeredRoutes(platform.adminApps()).map(({ path }) => operatorsRouteName(path)),
  ])
  expect(all.size).toBeGreaterThan(50)
  // oidc-provider has 18 more, and there are `none` and the files.
  expect(all.size + 20).toBeLessThan(100)
})

test('no label has more than 100 values, and none is personal', () => {
  const values = new Map<string, Set<string>>()
  for (const { name, labels } of samples)
    for (const [label, value] of Object.entries(labels)) {
      const key = `${name} ${label}`
      values.set(key, (values.get(key) ?? new Set()).add(value))
    }
  expect([...values].filter(([, { size }]) => size > 100)).toEqual([])
  expect(leaksIn(text, typed)).toEqual([])
  // Ids of flows, requests and sessions are long random words.
  const words = text.match(/[\w-]{20,}/g) ?? []
  expect(words.filter((word) => /\d/.test(word) && /[A-Z]/.test(word))).toEqual([])
})

test.each(queries)('the metrics and labels of the query of %s exist', (_, query) => {
  const { selectors, groupedBy } = readPromql(query)
  expect(selectors.length).toBeGreaterThan(0)
  const labels = new Set<string>()
  for (const { metric, matchers } of selectors) {
    const found = samples.filter(({ name }) => name === metric)
    expect([metric, found.length > 0]).toEqual([metric, true])
    for (const sample of found) for (const label of Object.keys(sample.labels)) labels.add(label)
    for (const { label, operator, value } of matchers) {
      // A value that a query leaves out need not exist.
      expect(['=', '=~', '!~']).toContain(operator)
      if (operator === '!~') continue
      const wanted = new RegExp(`^(?:${operator === '=' ? literal(value) : value})$`)
      const values = found.map((sample) => sample.labels[label] ?? '')
      expect([label, value, values.some((one) => wanted.test(one))]).toEqual([label, value, true])
    }
  }
  expect(groupedBy.filter((label) => !labels.has(label))).toEqual([])
})

const literal = (value: string) => value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

test('the dashboard has a row for each subject, and each legend names labels of its query', () => {
  const rows = dashboard.panels.filter(({ type }) => type === 'row')
  expect(rows.map(({ title }) => title)).toEqual([
    ...['HTTP', 'Journeys', 'Sign-ins', 'Bank, SMS, other services and budgets', 'Limits'],
    ...['Overload, hashing and tasks', 'Stores', 'Node.js'],
  ])
  for (const { expr, legendFormat } of dashboard.panels.flatMap(({ targets = [] }) => targets)) {
    const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label)
    const { groupedBy } = readPromql(expr.replaceAll('$__rate_interval', '1m'))
    expect(named.filter((label) => !groupedBy.includes(String(label)))).toEqual([])
  }
})

test('every family of ours is on the dashboard', () => {
  const drawn = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
  const missing = Object.keys(families)
    .map((name) => name.replace(/_count$/, ''))
    .filter((name) => !drawn.some((expr) => expr.includes(name)))
  expect(missing).toEqual([])
})

test.each(alerts.map((alert) => [alert.alert, alert] as const))(
  'the alert %s says what is wrong and what to do',
  (_, { labels, annotations }) => {
    expect(['critical', 'warning']).toContain(labels.severity)
    expect(annotations.summary).toMatch(/./)
    expect(annotations.description.length).toBeGreaterThan(60)
  },
)
