import type { BaseLogger } from 'pino'
import type { BankMaintenance, Maintenance } from '../../ports/operators/bank-maintenance.ts'
import type { MongoStore } from '../mongo/mongo-store.ts'
import { polledCopy } from '../mongo/polled-copy.ts'
import { majority } from '../mongo/write-concern.ts'

type MaintenanceRecord = Pick<Maintenance, 'state' | 'note'> & {
  /** The name of the bank. */
  readonly _id: string
  readonly from?: Date
  readonly to?: Date
}

/** One record for each bank that was ever suspended. */
export async function bankMaintenanceMongo({
  connection,
  clock,
  log,
}: Pick<MongoStore, 'connection' | 'clock'> & {
  readonly log: Pick<BaseLogger, 'warn'>
}): Promise<BankMaintenance & { stop(): Promise<void> }> {
  const records = connection.collection<MaintenanceRecord>('bank_maintenance', {
    writeConcern: majority,
  })
  const list = async () => (await records.find().toArray()).map(toPort)
  const copy = await polledCopy(list, log)

  return {
    suspendedUntil(bank) {
      const now = clock()
      const isSuspended = ({ bank: of, state, from = 0, to = 0 }: Maintenance) =>
        of === bank && state === 'suspended' && from <= now && now < to
      return copy.current().find(isSuspended)?.to
    },
    list,
    async save({ bank, state, note, from, to }) {
      const times = {
        ...(from !== undefined && { from: new Date(from) }),
        ...(to !== undefined && { to: new Date(to) }),
      }
      await records.replaceOne({ _id: bank }, { state, note, ...times }, { upsert: true })
      await copy.refresh()
    },
    stop: copy.stop,
  }
}

const toPort = ({ _id, state, note, from, to }: MaintenanceRecord): Maintenance => ({
  ...{ bank: _id, state, note },
  ...(from && { from: from.getTime() }),
  ...(to && { to: to.getTime() }),
})
