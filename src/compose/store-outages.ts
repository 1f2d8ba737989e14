import { isMongoOutage } from '../adapters/mongo/mongo-outage.ts'
import { isRedisOutage } from '../adapters/redis/redis-outage.ts'
import { Outage } from '../ports/outage.ts'

type Method = (...args: unknown[]) => unknown

/**
 * Ports that reject with `Outage` where their store has one; every other error stays a fault. The functions of what a
 * port returns (a turn of a flow, a model's records) do likewise.
 */
export function withOutages<Ports extends object>(ports: Ports): Ports {
  const members = Object.entries(ports).map(([name, member]) => [
    name,
    typeof member === 'function' ? telling(member as Method, ports) : nested(member),
  ])
  return Object.fromEntries(members)
}

const telling =
  (method: Method, port: object): Method =>
  (...args) => {
    const result = method.apply(port, args)
    return isThenable(result) ? Promise.resolve(result).then(nested, reject) : nested(result)
  }

function reject(error: unknown): never {
  throw isMongoOutage(error) || isRedisOutage(error) ? new Outage(error) : error
}

const nested = (value: unknown): unknown => (hasMethods(value) ? withOutages(value) : value)

const hasMethods = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).some((member) => typeof member === 'function')

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as { then?: unknown } | undefined)?.then === 'function'
