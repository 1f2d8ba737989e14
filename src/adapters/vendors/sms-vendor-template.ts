import { type SmsTemplate, smsTemplates } from '../../../config/sms-templates.ts'
import type { SmsMessage } from '../../ports/services/sms-gateway.ts'
import { isMainland } from './mainland-digits.ts'

/**
 * What a vendor calls our templates. Messages to phones outside the mainland need templates of their own at both
 * vendors: `code-abroad` beside `code`.
 */
export type VendorTemplates = Readonly<Record<SmsTemplate, string>> &
  Readonly<Partial<Record<`${SmsTemplate}-abroad`, string>>>

export function vendorTemplate(
  templates: VendorTemplates,
  { template, phone }: SmsMessage,
): string {
  const abroad = isMainland(phone) ? undefined : templates[`${template}-abroad`]
  return abroad ?? templates[template]
}

/** The values in the order that the vendor's template has them. */
export const orderedParams = ({ template, params }: SmsMessage): string[] =>
  smsTemplates[template].params.map((name) => params[name] ?? '')
