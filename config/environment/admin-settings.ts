import { loopbackHosts } from './setting-types.ts'

type GivenSettings = Readonly<Record<string, string | undefined>>

/** Finds problems of the operators' listener, which only exists if `ADMIN_PORT` is set. */
export function adminProblems(given: GivenSettings): readonly string[] {
  const { ADMIN_PORT: port, ADMIN_HOST: host = '127.0.0.1', METRICS_TOKEN: token } = given
  if (!port) return []
  return [
    ...(port === (given['PORT'] ?? '3000') ? ['ADMIN_PORT: must differ from PORT'] : []),
    ...(isLoopback(host) || token
      ? []
      : ['METRICS_TOKEN: is missing (ADMIN_HOST is not loopback, so others can reach /metrics)']),
  ]
}

/** Finds problems of the operators' listener that only production refuses. */
export function adminProductionProblems(given: GivenSettings): readonly string[] {
  const { ADMIN_PORT: port, ADMIN_ORIGIN: origin, METRICS_TOKEN: token } = given
  return [
    ...(port && !origin?.startsWith('https:') ? ['ADMIN_ORIGIN: must be https in production'] : []),
    ...(token && token.length < 32
      ? ['METRICS_TOKEN: must be 32 characters or more in production']
      : []),
  ]
}

/** An IPv6 address to listen on has no brackets. */
const isLoopback = (host: string): boolean =>
  host === '::1' || /^127(\.\d{1,3}){3}$/.test(host) || loopbackHosts.includes(host)
