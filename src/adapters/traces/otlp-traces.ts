import { AsyncLocalStorage } from 'node:async_hooks'
import {
  type Attributes,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import type { BaseLogger } from 'pino'
import type { HandledRequest } from '../../ports/observability/instrumentation.ts'
import { loggedExporter } from './logged-exporter.ts'

export type Traces = {
  /** A span for the request, which is the beginning of a trace: the `traceparent` of a stranger is not believed. */
  request(handle: () => Promise<HandledRequest>): Promise<void>
  traceId(): string | undefined
  /** A span within that of the present request. Without a request there is none for a store. */
  storeCall(store: string, command: string): (isError: boolean) => void
  externalCall(service: string): (outcome: string, isError: boolean) => void
  /** Sends what was not sent yet. */
  stop(): Promise<void>
}

/**
 * Traces by OpenTelemetry over OTLP/HTTP. The names of attributes are those of its semantic conventions. None is personal:
 * there are neither addresses, nor documents of commands, nor texts of errors.
 * @param endpoint the base address of a collector
 */
export function otlpTraces(endpoint: string, log: Pick<BaseLogger, 'warn' | 'info'>): Traces {
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces` })
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'unified-user-platform' }),
    spanProcessors: [new BatchSpanProcessor(loggedExporter(exporter, log))],
  })
  const tracer = provider.getTracer('platform')
  const present = new AsyncLocalStorage<Span>()

  function begin(name: string, attributes: Attributes): Span {
    const request = present.getStore()
    const parent = request ? trace.setSpan(ROOT_CONTEXT, request) : ROOT_CONTEXT
    return tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, parent)
  }

  return {
    async request(handle) {
      const span = tracer.startSpan('request', { kind: SpanKind.SERVER, root: true })
      try {
        const { method, route, status } = await present.run(span, handle)
        span.updateName(`${method} ${route}`)
        span.setAttributes({
          'http.request.method': method,
          'http.route': route,
          'http.response.status_code': status,
        })
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
      } finally {
        span.end()
      }
    },
    traceId: () => present.getStore()?.spanContext().traceId,
    storeCall(store, command) {
      if (!present.getStore()) return () => {}
      const attributes = { 'db.system.name': store, 'db.operation.name': command }
      const span = begin(`${store} ${command}`, attributes)
      return (isError) => end(span, isError)
    },
    externalCall(service) {
      const span = begin(`call ${service}`, { 'uup.service': service })
      return (outcome, isError) => {
        span.setAttribute('uup.outcome', outcome)
        end(span, isError)
      }
    },
    stop: () => provider.shutdown(),
  }
}

function end(span: Span, isError: boolean): void {
  if (isError) span.setStatus({ code: SpanStatusCode.ERROR })
  span.end()
}
