import type { Locale } from '../../config/sentences.ts'
import type { Account } from '../people/account.ts'
import type { NewTask } from '../ports/tasks.ts'
import { smsNotice } from './sms-notice.ts'

/**
 * The notices about a changed phone, to the new and to the old number. The notice to the old number contains no
 * personal data, since the number may belong to a stranger by now; it may also be the only alarm that the owner gets
 * (specification, section 3).
 */
export function phoneNotices(
  { id, phone: before }: Pick<Account, 'id' | 'phone'>,
  after: string,
  locale: Locale,
): readonly NewTask[] {
  const told = smsNotice('phone-changed', after, locale, id)
  return before === after ? [told] : [told, smsNotice('phone-changed-old', before, locale, id)]
}
