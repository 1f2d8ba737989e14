import type { BankName } from '../../../config/banks.ts'

/** 正常, 暂停. */
export const maintenanceStates = ['normal', 'suspended'] as const
export type MaintenanceState = (typeof maintenanceStates)[number]

/** The maintenance of a bank's service. A suspension has both times, in ms since 1970. */
export type Maintenance = {
  readonly bank: BankName
  readonly state: MaintenanceState
  readonly from?: number
  /** When the service is expected to be back: the suspension ends by itself. */
  readonly to?: number
  /** 说明, for operators. */
  readonly note: string
}

export interface BankMaintenance {
  /**
   * The time at which a bank that is suspended now is expected to be back. It reads a copy in memory, in which the changes
   * of other processes arrive within `polledEvery`.
   */
  suspendedUntil(bank: BankName): number | undefined
  /** The banks for which something was ever saved. */
  list(): Promise<readonly Maintenance[]>
  /** Replaces what was saved for the bank. */
  save(maintenance: Maintenance): Promise<void>
}
