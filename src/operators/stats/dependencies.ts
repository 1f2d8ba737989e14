import type { Banks } from '../../../config/banks.ts'
import { say } from '../../../config/messages.ts'
import type { BankMaintenance } from '../../ports/operators/bank-maintenance.ts'
import type { StoreName, StoreState } from '../../ports/process-reports.ts'
import type { Breaker } from '../../ports/services/breaker.ts'
import type { Table } from './figure.ts'

export type DependencyPorts = {
  readonly bank: Breaker
  readonly smsGateway: Breaker
  readonly numberAges: Breaker
  readonly registry: Breaker
  readonly bankMaintenance: Pick<BankMaintenance, 'suspendedUntil'>
  readonly banks: Banks
  /** Whether the stores take writes, as `/health/stores` answers. */
  readonly judge: () => Promise<{ readonly stores: Readonly<Record<StoreName, StoreState>> }>
}

/** The stores, the external services by their circuit breakers in this process, and the banks that are suspended. */
export async function dependencies(ports: DependencyPorts): Promise<Table> {
  const { stores } = await ports.judge()
  const ofStores = (['mongodb', 'redis'] as const).map((name) => ({
    name: say('zh-CN', `stats.service.${name}`),
    isUp: stores[name] === 'up',
    state: stores[name] === 'up' ? up() : say('zh-CN', 'stats.down', { why: stores[name] }),
  }))
  const ofServices = (['bank', 'smsGateway', 'registry', 'numberAges'] as const).map((name) => {
    const isUp = !ports[name].isOpen()
    const state = isUp ? up() : say('zh-CN', 'stats.breakerOpen')
    return { name: say('zh-CN', `stats.service.${name}`), isUp, state }
  })
  const suspended = ports.banks.flatMap(({ name }) => {
    const until = ports.bankMaintenance.suspendedUntil(name)
    const state = say('zh-CN', 'stats.suspended')
    return until === undefined ? [] : [{ name, isUp: false, state }]
  })
  const heads = (['service', 'state'] as const).map((head) => say('zh-CN', `stats.head.${head}`))
  const rows = [...ofStores, ...ofServices, ...suspended].map(({ name, isUp, state }) => ({
    cells: [name, state],
    mark: isUp ? ('up' as const) : ('down' as const),
  }))
  return { heads, rows }
}

const up = () => say('zh-CN', 'stats.up')
