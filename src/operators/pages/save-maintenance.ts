import type { BankName } from '../../../config/banks.ts'
import { codePoints, field } from '../../people/fields/field.ts'
import type { Clock } from '../../ports/clock.ts'
import type { BankMaintenance, Maintenance } from '../../ports/operators/bank-maintenance.ts'
import type { Deed } from '../access/record-deeds.ts'

const mostInNote = 200

/** 说明. */
export const maintenanceNote = field('banks.state.missing', (typed, reject) =>
  codePoints(typed) > mostInNote ? reject('banks.note.long', { most: mostInNote }) : typed,
)

export type SaveMaintenancePorts = {
  readonly bankMaintenance: Pick<BankMaintenance, 'save'>
  readonly clock: Clock
}

/** Saves 正常 or 暂停 of a bank. A suspension without a beginning begins now. */
export async function saveMaintenance(
  bank: BankName,
  {
    state,
    from,
    to,
    note = '',
  }: Pick<Maintenance, 'state'> & {
    readonly from?: number | undefined
    readonly to?: number | undefined
    readonly note?: string | undefined
  },
  { bankMaintenance, clock }: SaveMaintenancePorts,
): Promise<Deed> {
  const period = state === 'normal' || to === undefined ? {} : { from: from ?? clock(), to }
  await bankMaintenance.save({ bank, state, note, ...period })
  return { what: 'maintenance-changed', target: bank, detail: state }
}
