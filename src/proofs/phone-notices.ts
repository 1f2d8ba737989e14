import type { Locale } from '../../config/messages.ts'
import type { NewTask } from '../ports/tasks.ts'

/**
 * Who is told that an account has another phone: the new one, and the old one without any personal word, for it may
 * be a stranger's by now, or the only alarm that the owner gets (specification, section 3).
 */
export function phoneNotices(before: string, after: string, locale: Locale): readonly NewTask[] {
  const to = (phone: string, template: 'phone-changed' | 'phone-changed-old') =>
    ({ kind: 'sms', phone, template, params: {}, locale }) as const
  const told = to(after, 'phone-changed')
  return before === after ? [told] : [told, to(before, 'phone-changed-old')]
}
