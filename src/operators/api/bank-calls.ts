import * as z from 'zod'
import type { Banks } from '../../../config/banks.ts'
import type { Clock } from '../../ports/clock.ts'
import { type BankMaintenance, maintenanceStates } from '../../ports/operators/bank-maintenance.ts'
import { maintenanceNote, saveMaintenance } from '../pages/save-maintenance.ts'
import { type ApiAnswer, type ApiCall, apiCall } from './api-call.ts'
import { periodProblem } from './period-problem.ts'
import { instant, iso, optionalReason, time, withReason } from './values.ts'

export type BankCallsPorts = {
  readonly bankMaintenance: Pick<BankMaintenance, 'list' | 'save'>
  readonly banks: Banks
  readonly clock: Clock
}

const state = z.enum(maintenanceStates, 'banks.state.missing')
const body = z.strictObject({
  state,
  from: time.optional().meta({ description: 'Default: now. Only for `suspended`.' }),
  to: time.optional().meta({ description: 'Required for `suspended`, which ends then by itself.' }),
  note: z
    .string()
    .transform((typed) => typed.trim() || undefined)
    .pipe(maintenanceNote.optional())
    .optional()
    .meta({ maxLength: 200 }),
  reason: optionalReason,
})
const answer: ApiAnswer = {
  ...{ status: 200, description: 'What is saved for the bank.' },
  schema: z.object({
    ...{ state: z.enum(maintenanceStates), note: z.string() },
    ...{ from: instant.optional(), to: instant.optional() },
  }),
}

/** 银行维护. */
export function bankCalls(ports: BankCallsPorts): readonly ApiCall[] {
  const { bankMaintenance, banks, clock } = ports
  const bankNamed = (name: string) => banks.find((bank) => bank.name === name)?.name

  async function shown(name: string) {
    const saved = (await bankMaintenance.list()).find(({ bank }) => bank === name)
    const { state: present = 'normal', note = '', from, to } = saved ?? {}
    const times = {
      ...(from !== undefined && { from: iso(from) }),
      ...(to !== undefined && { to: iso(to) }),
    }
    return { status: 200, body: { state: present, note, ...times } }
  }

  return [
    apiCall({
      route: 'GET /banks/:name/maintenance',
      summary: 'The maintenance of a bank, by its Chinese name',
      ...{ answer, problems: ['not-found'] },
      async run({ param }) {
        const bank = bankNamed(param('name'))
        return bank ? { did: 'nothing', answer: await shown(bank) } : { name: 'not-found' }
      },
    }),
    apiCall({
      route: 'PUT /banks/:name/maintenance',
      summary: 'Suspend a bank, or return to normal',
      body,
      ...{ answer, problems: ['not-found'] },
      async run({ body: { reason, ...maintenance }, param }) {
        const bank = bankNamed(param('name'))
        if (!bank) return { name: 'not-found' }
        const problem =
          maintenance.state === 'suspended' ? periodProblem(maintenance, clock()) : undefined
        if (problem) return problem
        const did = await saveMaintenance(bank, maintenance, ports)
        return { did: { ...did, ...withReason(reason) }, answer: await shown(bank) }
      },
    }),
  ]
}
