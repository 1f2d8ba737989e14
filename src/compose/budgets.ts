import type { Logger } from 'pino'
import type { Environment } from '../../config/environment/settings.ts'
import type { BudgetAmounts } from '../adapters/redis/budgets-redis.ts'
import type { Audit } from '../ports/audit.ts'
import type { Alerts } from '../ports/operators/alerts.ts'
import type { BudgetAlarm, BudgetName, Budgets } from '../ports/services/budgets.ts'
import type { SmsCodes } from '../ports/sms-codes.ts'
import { operatorName } from './operator-name.ts'

/** The budgets that the settings name. */
export function budgetAmounts(
  env: Pick<Environment, 'LIMITS_SCALE' | `${'SMS' | 'BANK'}_BUDGET_${'HOUR' | 'DAY'}`>,
): BudgetAmounts {
  const scaled = (amount: number) => Math.ceil(amount * env.LIMITS_SCALE)
  return {
    sms: { hour: scaled(env.SMS_BUDGET_HOUR), day: scaled(env.SMS_BUDGET_DAY) },
    bank: { hour: scaled(env.BANK_BUDGET_HOUR), day: scaled(env.BANK_BUDGET_DAY) },
  }
}

/**
 * Writes an alarm to the log, to the audit trail, and to 提醒 of the security operators. An outage of the store does not
 * stop the message.
 */
export const budgetAlarm =
  (
    log: Pick<Logger, 'warn' | 'error'>,
    audit: Pick<Audit, 'record'>,
    alerts: Pick<Alerts, 'raise'>,
  ) =>
  async (budget: BudgetName, alarm: BudgetAlarm): Promise<void> => {
    log.warn({ budget, alarm }, 'budget alarm')
    const detail = `${budget}.${alarm}` as const
    const notRecorded = (error: unknown) =>
      log.error({ err: error, detail }, 'budget alarm not recorded')
    await Promise.all([
      audit.record({ what: 'budget-alarm', address: operatorName(), detail }).catch(notRecorded),
      alerts.raise({ kind: 'budget', detail }).catch(notRecorded),
    ])
  }

/** Counts the codes that are used, for the alarm about codes that nobody uses. */
export const countUsedCodes = (
  smsCodes: SmsCodes,
  budgets: Pick<Budgets, 'codeUsed'>,
): SmsCodes => ({
  ...smsCodes,
  async use(to) {
    const isUsed = await smsCodes.use(to)
    if (isUsed) await budgets.codeUsed()
    return isUsed
  },
})
