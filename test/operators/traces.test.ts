import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { until } from '../../sandbox/ports.mjs'
import { leaksIn } from '../support/leak-search.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { projectFiles } from '../support/project-files.ts'
import { simulatedDay } from '../support/simulated-day.ts'

type Span = {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly attributes: readonly { readonly key: string }[]
  readonly status: { readonly code: number; readonly message?: string }
  readonly events: readonly unknown[]
}

/** A collector: a server that takes OTLP over HTTP in JSON. */
const bodies: string[] = []
let status = 200
const collector = createServer(async (request, response) => {
  const body = await text(request)
  const isTraces = request.url === '/v1/traces' && request.method === 'POST'
  if (isTraces && status === 200) bodies.push(body)
  response.writeHead(isTraces ? status : 404, { 'content-type': 'application/json' }).end('{}')
})
const spans = (): readonly Span[] =>
  bodies
    .flatMap((body) => JSON.parse(body).resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap((scope) => scope.spans)

const strangersTrace = '0af7651916cd43dd8448eb211c80319c'
const heard: IncomingHttpHeaders[] = []
let platform: TestPlatform
let typed: Readonly<Record<string, string>>
beforeAll(async () => {
  // Spans are sent five times a second, not every five seconds.
  process.env['OTEL_BSP_SCHEDULE_DELAY'] = '200'
  collector.listen(0, '127.0.0.1')
  await once(collector, 'listening')
  const { port } = collector.address() as AddressInfo
  platform = await testPlatform({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` },
    interceptSimulators: (simulators) => (request, response) => {
      heard.push(request.headers)
      simulators(request, response)
    },
  })
  typed = await simulatedDay(platform)
  const headers = { traceparent: `00-${strangersTrace}-b7ad6b7169203331-01` }
  await fetch(`${platform.issuer}/help`, { headers })
  // The spans of a request end in the order of their ends, so that the last request comes last.
  await until(async () => spans().some(({ name }) => name === 'GET /help'), {
    ...{ seconds: 60, what: 'the span of the last request' },
  })
})
afterAll(async () => {
  await platform?.close()
  collector.close()
})

const nameOfParent = ({ traceId, parentSpanId }: Span) =>
  spans().find((span) => span.traceId === traceId && span.spanId === parentSpanId)?.name

test.each(['mongodb insert', 'redis evalsha', 'call bank'])(
  'the span %s of a step belongs to the trace of its request',
  (name) => {
    const found = spans().filter((span) => span.name === name)
    expect(found.map(nameOfParent)).toContain('POST /register/:id/:step')
    expect(found.map(({ kind }) => kind)).not.toContain(2)
  },
)

test('a request begins a trace of its own, whatever a stranger sends', () => {
  const requests = spans().filter(({ kind }) => kind === 2)
  expect(requests.length).toBeGreaterThan(10)
  for (const { parentSpanId } of requests) expect(parentSpanId ?? '').toBe('')
  expect(new Set(requests.map(({ traceId }) => traceId)).size).toBe(requests.length)
  expect(bodies.join()).not.toContain(strangersTrace)
})

test('an answer of 5xx and a service that fails are errors; others are not', () => {
  // A script that the server does not know yet is refused and sent in full.
  const failed = spans().filter(({ name, status }) => status.code === 2 && name !== 'redis evalsha')
  expect(failed.map(({ name }) => name).toSorted()).toEqual([
    'POST /register/:id/:step',
    'call bank',
  ])
})

test('the trace stands in the lines of the log', () => {
  const lines = platform.lines.map((line) => JSON.parse(line))
  const [line] = lines.filter(({ path, msg }) => msg === 'request' && path === '/help')
  const [span] = spans().filter(({ name }) => name === 'GET /help')
  expect(line.traceId).toMatch(/^[0-9a-f]{32}$/)
  expect(line.traceId).toBe(span?.traceId)
})

test('no span has anything personal, nor an attribute of another kind', () => {
  expect(leaksIn(bodies.join(), typed)).toEqual([])
  const keys = spans().flatMap(({ attributes }) => attributes.map(({ key }) => key))
  expect([...new Set(keys)].toSorted()).toEqual([
    ...['db.operation.name', 'db.system.name', 'http.request.method'],
    ...['http.response.status_code', 'http.route', 'uup.outcome', 'uup.service'],
  ])
  expect(spans().flatMap(({ events }) => events)).toEqual([])
  expect(spans().filter(({ status }) => status.message)).toEqual([])
})

test('services outside get no traceparent', () => {
  expect(heard.length).toBeGreaterThan(3)
  expect(heard.filter((headers) => 'traceparent' in headers)).toEqual([])
})

test('a collector that takes no spans is logged once, and again when it does', async () => {
  const logged = (message: string) =>
    until(async () => platform.lines.some((line) => line.includes(`"msg":"${message}"`)), {
      ...{ seconds: 60, what: message },
    })
  status = 400
  expect((await fetch(`${platform.issuer}/help`)).status).toBe(200)
  await logged('traces cannot be sent')
  status = 200
  await fetch(`${platform.issuer}/help`)
  await logged('traces are sent again')
})

test('without the setting, nothing of OpenTelemetry is loaded', () => {
  const files = projectFiles('src', /\.ts$/)
  const sdk = files.filter(({ text }) => /^import (?!type).*'@opentelemetry\//m.test(text))
  expect(sdk.map(({ path }) => path)).toEqual(['src/adapters/traces/otlp-traces.ts'])
  const loading = files.filter(({ text }) => /^import (?!type).*otlp-traces\.ts'/m.test(text))
  expect(loading).toEqual([])
})
