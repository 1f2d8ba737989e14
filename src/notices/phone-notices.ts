import type { Locale } from '../../config/sentences.ts'
import type { NewTask } from '../ports/tasks.ts'
import { smsNotice } from './sms-notice.ts'

/**
 * Who is told that an account has another phone: the new one, and the old one without any personal word, for it may
 * be a stranger's by now, or the only alarm that the owner gets (specification, section 3).
 */
export function phoneNotices(before: string, after: string, locale: Locale): readonly NewTask[] {
  const told = smsNotice('phone-changed', after, locale)
  return before === after ? [told] : [told, smsNotice('phone-changed-old', before, locale)]
}
