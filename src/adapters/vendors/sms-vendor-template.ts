import { type SmsTemplate, smsTemplates } from '../../../config/sms-templates.ts'
import type { SmsMessage } from '../../ports/services/sms-gateway.ts'
import { isMainland } from './mainland-digits.ts'

/**
 * The vendor's ids of our templates. Both vendors require separate templates for phones outside the mainland, e.g.
 * `code-abroad` besides `code`.
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

/** The values in the order of the placeholders in the vendor's template. */
export const orderedParams = ({ template, params }: SmsMessage): string[] =>
  smsTemplates[template].params.map((name) => params[name] ?? '')
