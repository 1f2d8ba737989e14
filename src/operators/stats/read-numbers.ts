import type { CounterName, Counters, TimeRange } from '../../ports/counters.ts'

/** The counters of 运行状况 and of the API. */
export async function readNumbers(
  range: TimeRange & { readonly by: 'hour' | 'day' },
  { counters }: { readonly counters: Pick<Counters, 'read'> },
) {
  const read = <Name extends CounterName>(name: Name) => counters.read(name, range.by, range)
  const [steps, signIns, checks, messages, limits] = await Promise.all([
    read('flow-steps'),
    read('sign-ins'),
    read('bank-checks'),
    read('sms'),
    read('limits'),
  ])
  return { steps, signIns, checks, messages, limits }
}
