import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { type CounterName, type CounterValues, signInOutcomes } from '../../ports/counters.ts'
import type {
  ExternalServiceName,
  HandledRequest,
} from '../../ports/observability/instrumentation.ts'
import type { StoreName } from '../../ports/process-reports.ts'
import type { Breaker } from '../../ports/services/breaker.ts'
import { boundedValues } from './bounded-values.ts'

/** The values of all families in one process, as the registries of prom-client give and take them. */
export type MetricFamilies = Awaited<ReturnType<Registry['getMetricsAsJSON']>>

export type ProcessMetrics = ReturnType<typeof processMetrics>

/** Upper bounds in seconds: a store answers within milliseconds, a bank within 40 s. */
const storeBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 4]
const requestBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const callBuckets = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 6, 10, 40]

/**
 * The metrics of this process (specification of the operators' side, section 14), with those of Node.js. Each value of a
 * label is a word of our own code or of a standard, and bounded besides.
 */
export function processMetrics() {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const requests = new Counter({
    ...{ registers, name: 'http_requests_total', labelNames: ['route', 'status'] },
    help: 'Requests that were answered, by the pattern of their address and the status.',
  })
  const requestSeconds = new Histogram({
    ...{ registers, name: 'http_request_seconds', labelNames: ['route'], buckets: requestBuckets },
    help: 'The time until a request was answered.',
  })
  const calls = new Histogram({
    ...{ registers, name: 'uup_external_calls_seconds', labelNames: ['service', 'outcome'] },
    ...{ buckets: callBuckets, help: 'The time of a call to an external service, by outcome.' },
  })
  const storeSeconds = (name: string, store: string) =>
    new Histogram({
      ...{ registers, name, labelNames: ['command'], buckets: storeBuckets },
      help: `The time until ${store} answered a command.`,
    })
  const observeStore = {
    mongodb: byOneLabel(storeSeconds('uup_mongodb_seconds', 'MongoDB')),
    redis: byOneLabel(storeSeconds('uup_redis_seconds', 'Redis')),
  }
  const counters: Readonly<Partial<Record<CounterName, Counter>>> = {
    'flow-steps': new Counter({
      ...{ registers, name: 'uup_flow_steps_total', labelNames: ['flow', 'step', 'outcome'] },
      help: 'Decisions on the steps of flows.',
    }),
    'sign-ins': new Counter({
      ...{ registers, name: 'uup_sign_ins_total', labelNames: ['outcome'] },
      help: 'Sign-ins by password or SMS code, and failed ones.',
    }),
    limits: new Counter({
      ...{ registers, name: 'uup_limits_hit_total', labelNames: ['limit'] },
      help: 'Attempts that a limit refused.',
    }),
  }
  // The rate of a series that begins with its first event does not have that event.
  for (const outcome of signInOutcomes) counters['sign-ins']?.inc({ outcome }, 0)
  const hashQueue = new Gauge({
    ...{ registers, name: 'uup_hash_queue' },
    help: 'Passwords and answers that wait to be hashed.',
  })
  const refused = new Counter({
    ...{ registers, name: 'uup_requests_refused_total', labelNames: ['class'] },
    help: 'Requests that an overloaded process refused before any work.',
  })
  const routeOf = boundedValues()
  const observeRequestSeconds = byOneLabel(requestSeconds)
  const labelsOf = boundedLabels()

  return {
    registry,
    families: () => registry.getMetricsAsJSON(),
    observeRequest({ route, status }: HandledRequest, seconds: number): void {
      requests.inc({ route: routeOf(route), status })
      observeRequestSeconds(route, seconds)
    },
    observeStoreCall: (store: StoreName, command: string, seconds: number): void =>
      observeStore[store](command, seconds),
    observeExternalCall: (service: ExternalServiceName, outcome: string, seconds: number): void =>
      calls.observe({ service, outcome }, seconds),
    /** Counts what 运行状况 counts. Counters whose labels grow with the clients or the banks are no metric. */
    count<Name extends CounterName>(name: Name, values: CounterValues<Name>, amount = 1): void {
      counters[name]?.inc(labelsOf(name, values), amount)
    },
    countRefused: (name: string, count = 1): void => refused.inc({ class: name }, count),
    setHashQueue: (waiting: number): void => hashQueue.set(waiting),
    /** Adds the state of the circuit breakers, which is read at each scrape. */
    watchBreakers(breakers: Readonly<Record<string, Breaker>>): void {
      const open = new Gauge({
        ...{ registers, name: 'uup_breaker_open', labelNames: ['service'], aggregator: 'max' },
        help: '1 while calls to an external service are refused, because it is down.',
        collect() {
          for (const [service, { isOpen }] of Object.entries(breakers))
            open.set({ service }, isOpen() ? 1 : 0)
        },
      })
    },
  }
}

/** Keeps the child of each value, so that an observation of a request or a command costs a look-up. */
function byOneLabel(histogram: Histogram): (value: string, seconds: number) => void {
  const bounded = boundedValues()
  const children = new Map<string, Histogram.Internal<string>>()
  return (value, seconds) => {
    const key = bounded(value)
    const child = children.get(key) ?? histogram.labels(key)
    children.set(key, child)
    child.observe(seconds)
  }
}

function boundedLabels() {
  const ofLabels = new Map<string, (value: string) => string>()
  return (family: string, values: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(values).map(([label, value]) => {
        const key = `${family} ${label}`
        const bounded = ofLabels.get(key) ?? boundedValues()
        ofLabels.set(key, bounded)
        return [label, bounded(value)]
      }),
    )
}
