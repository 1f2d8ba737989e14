import type { SpanExporter } from '@opentelemetry/sdk-trace-base'
import type { BaseLogger } from 'pino'

/** Logs once when the collector takes no spans, and once when it does again. Spans that it does not take are lost. */
export function loggedExporter(
  exporter: SpanExporter,
  log: Pick<BaseLogger, 'warn' | 'info'>,
): SpanExporter {
  let isFailing = false
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const fails = result.code !== 0
        if (fails && !isFailing) log.warn('traces cannot be sent')
        if (!fails && isFailing) log.info('traces are sent again')
        isFailing = fails
        done(result)
      })
    },
    shutdown: () => exporter.shutdown(),
    ...(exporter.forceFlush && { forceFlush: () => Promise.resolve(exporter.forceFlush?.()) }),
  }
}
