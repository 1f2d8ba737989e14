import type { HandledRequest, Instrumentation } from '../../ports/observability/instrumentation.ts'
import type { ProcessMetrics } from '../metrics/process-metrics.ts'
import type { Traces } from '../traces/otlp-traces.ts'

/** Measures requests and calls for the metrics, and for the traces if there are any. */
export function instrumentation(metrics: ProcessMetrics, traces?: Traces): Instrumentation {
  async function measured(handle: () => Promise<HandledRequest>): Promise<HandledRequest> {
    const began = performance.now()
    const handled = await handle()
    metrics.observeRequest(handled, secondsSince(began))
    return handled
  }

  return {
    async request(handle) {
      await (traces ? traces.request(() => measured(handle)) : measured(handle))
    },
    traceId: () => traces?.traceId(),
    storeCall(store, command) {
      const began = performance.now()
      const endSpan = traces?.storeCall(store, command)
      return (outcome) => {
        metrics.observeStoreCall(store, command, secondsSince(began))
        endSpan?.(outcome === 'failed')
      }
    },
    externalCall(service) {
      const began = performance.now()
      const endSpan = traces?.externalCall(service)
      return (outcome) => {
        metrics.observeExternalCall(service, outcome, secondsSince(began))
        endSpan?.(outcome, failures.has(outcome))
      }
    },
  }
}

/** Words of outcomes that mean that a service did not do its work. */
const failures: ReadonlySet<string> = new Set(['unavailable', 'failed'])

const secondsSince = (began: number): number => (performance.now() - began) / 1000
