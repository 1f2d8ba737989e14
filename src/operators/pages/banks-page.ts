import * as z from 'zod'
import type { Banks } from '../../../config/banks.ts'
import { choice } from '../../people/fields/field.ts'
import type { Refusal } from '../../people/refusal.ts'
import type { Clock } from '../../ports/clock.ts'
import {
  type BankMaintenance,
  type Maintenance,
  maintenanceStates,
} from '../../ports/operators/bank-maintenance.ts'
import { refusalsOf } from '../../web/flow/flow-definition.ts'
import type { Show } from '../access/console-frame.ts'
import { type ConsoleRouter, goTo, refused } from '../access/console-router.ts'
import { orEmpty, periodFields, periodRule, timeValue } from '../access/time-field.ts'
import { maintenanceNote, saveMaintenance } from './save-maintenance.ts'

export type BanksPagePorts = {
  readonly bankMaintenance: BankMaintenance
  readonly banks: Banks
  readonly clock: Clock
}

const note = orEmpty(maintenanceNote)
const state = choice(maintenanceStates, 'banks.state.missing')
const normalForm = z
  .object({ state, note })
  .transform((form) => ({ ...form, from: undefined, to: undefined }))
/** The times count for a suspension only: a form that returns to 正常 may still have the last ones. */
const suspensionForm = (now: number) =>
  z.object({ state, ...periodFields, note }).check(periodRule(now))

/** 银行维护: one form for each bank. */
export function banksPage(
  router: ConsoleRouter,
  { bankMaintenance, banks, clock }: BanksPagePorts,
  show: Show,
) {
  /** `at`: the bank whose form was refused; it keeps what was typed. */
  async function page(more: {
    readonly saved?: unknown
    readonly at?: string
    readonly typed?: Readonly<Record<string, string>>
    readonly refusals?: readonly Refusal[]
  }) {
    const { saved, at, typed, refusals = [] } = more
    const now = clock()
    const known = await bankMaintenance.list()
    const forms = banks.map(({ name: bank }, index) => {
      const kept = known.find((one) => one.bank === bank) ?? { bank, state: 'normal', note: '' }
      return {
        ...kept,
        id: `bank-${index}`,
        now: stateOf(kept, now),
        values: bank === at && typed ? typed : valuesOf(kept),
      }
    })
    const suffix = forms.find(({ bank }) => bank === at)?.id
    return show('console/banks', {
      title: 'banks.title',
      forms,
      states: maintenanceStates,
      saved: forms.find(({ bank }) => bank === saved),
      refusals: refusals.map((refusal) => ({ ...refusal, field: `${refusal.field}-${suffix}` })),
    })
  }

  router.on('GET /banks', async (ctx) => ({
    did: 'nothing',
    answer: await page({ saved: ctx.query['saved'] }),
  }))

  router.on('POST /banks/:bank', async (ctx) => {
    const bank = String(ctx['params'].bank)
    if (!banks.some(({ name }) => name === bank)) return ctx.throw(404)
    const { typed } = ctx.state
    const isNormal = typed['state'] === 'normal'
    const read = (isNormal ? normalForm : suspensionForm(clock())).safeParse(typed)
    if (!read.success)
      return refused(await page({ at: bank, typed, refusals: refusalsOf(read.error.issues) }))
    return {
      did: await saveMaintenance(bank, read.data, { bankMaintenance, clock }),
      answer: goTo(`/banks?saved=${encodeURIComponent(bank)}`),
    }
  })
}

const stateOf = ({ state: saved, from = 0, to = 0 }: Maintenance, now: number) =>
  saved === 'normal' || now >= to ? 'normal' : now < from ? 'planned' : 'suspended'

/** The values of the fields of a form. */
const valuesOf = ({ state: saved, from, to, note: said }: Maintenance) => ({
  state: saved,
  from: from === undefined ? '' : timeValue(from),
  to: to === undefined ? '' : timeValue(to),
  note: said,
})
