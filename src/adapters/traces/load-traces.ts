import type { Logger } from 'pino'
import type { Environment } from '../../../config/environment/settings.ts'
import type { Traces } from './otlp-traces.ts'

/** Loads OpenTelemetry only where a collector is named. */
export async function loadTraces(
  { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }: Pick<Environment, 'OTEL_EXPORTER_OTLP_ENDPOINT'>,
  log: Pick<Logger, 'warn' | 'info'>,
): Promise<Traces | undefined> {
  if (!endpoint) return undefined
  const { otlpTraces } = await import('./otlp-traces.ts')
  return otlpTraces(endpoint, log)
}
