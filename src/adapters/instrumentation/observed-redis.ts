import type { Instrumentation } from '../../ports/observability/instrumentation.ts'

type Client = { getBuiltinCommands(): string[] }
type Method = (...args: unknown[]) => unknown

/**
 * A client whose commands are measured, from the call to the reply. Only the name of a command is passed on: keys and
 * values may be personal. The channels of ioredis would see a pipelined command in the trace of another request.
 */
export function observedRedis<Redis extends Client & object>(
  redis: Redis,
  { storeCall }: Pick<Instrumentation, 'storeCall'>,
): Redis {
  const commands: ReadonlySet<PropertyKey> = new Set(redis.getBuiltinCommands())
  const methods = new Map<PropertyKey, Method>()

  const observed =
    (name: string, method: Method): Method =>
    (...args) => {
      const end = storeCall('redis', name)
      const reply = method.apply(redis, args)
      if (reply instanceof Promise)
        reply.then(
          () => end('done'),
          () => end('failed'),
        )
      return reply
    }

  return new Proxy(redis, {
    get(target, name) {
      const known = methods.get(name)
      if (known) return known
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      const method = member as Method
      const isCommand = typeof name === 'string' && commands.has(name)
      const made = isCommand ? observed(name, method) : method.bind(target)
      methods.set(name, made)
      return made
    },
  })
}
