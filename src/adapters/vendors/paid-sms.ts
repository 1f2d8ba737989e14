import type { Budgets } from '../../ports/services/budgets.ts'
import type { SmsGateway } from '../../ports/services/sms-gateway.ts'

/**
 * The gateway within the budget for paid messages. A message that may have been sent stays counted, e.g. after a
 * time-out, so that the budget is never exceeded.
 */
export const paidSms = (gateway: SmsGateway, budgets: Budgets): SmsGateway => ({
  async send(message, recipient = 'anyone') {
    const spent = await budgets.spend('sms', recipient, message.template === 'code')
    if (!spent.granted) return 'over_budget'
    const outcome = await gateway.send(message)
    if (outcome === 'invalid_phone' || outcome === 'quota') await spent.giveBack()
    return outcome
  },
})
