import { isMongoOutage } from '../adapters/mongo/mongo-outage.ts'
import { isRedisOutage } from '../adapters/redis/connection/redis-outage.ts'
import { Outage } from '../ports/outage.ts'

type Method = (...args: unknown[]) => unknown

/**
 * Wraps ports so that they reject with `Outage` when their store cannot be reached (decision 0185); other errors stay
 * faults. Functions of returned values (a locked flow, the records of a model) are wrapped too.
 */
export function withOutages<Ports extends object>(ports: Ports): Ports {
  const members = Object.entries(ports).map(([name, member]) => [
    name,
    typeof member === 'function' ? wrapMethod(member as Method, ports) : wrapMembers(member),
  ])
  return Object.fromEntries(members)
}

const wrapMethod =
  (method: Method, port: object): Method =>
  (...args) => {
    const result = method.apply(port, args)
    return isThenable(result)
      ? Promise.resolve(result).then(wrapMembers, rejectWithOutage)
      : wrapMembers(result)
  }

function rejectWithOutage(error: unknown): never {
  throw isMongoOutage(error) || isRedisOutage(error) ? new Outage(error) : error
}

const wrapMembers = (value: unknown): unknown => (hasMethods(value) ? withOutages(value) : value)

const hasMethods = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).some((member) => typeof member === 'function')

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as { then?: unknown } | undefined)?.then === 'function'
