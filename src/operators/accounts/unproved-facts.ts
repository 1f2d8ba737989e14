import { say } from '../../../config/messages.ts'
import { maskedIdNumber } from '../../people/fields/id-document.ts'
import { maskedName } from '../../people/fields/person-name.ts'
import { maskedPhone } from '../../people/fields/phone.ts'
import type { UnprovedAccount } from '../../people/unproved-account.ts'
import { maskedDocument } from '../../web/steps/document-options.ts'

/** The facts that an operator sees of an imported registration: nobody has confirmed any of them. */
export function unprovedFacts(unproved: UnprovedAccount) {
  const { id, username, name, document, phone, registeredAt } = unproved
  const masked = {
    name: maskedName(name),
    document:
      document.type === 'uscc'
        ? `${say('zh-CN', 'idType.uscc')} ${maskedIdNumber(document.number)}`
        : maskedDocument(document, 'zh-CN'),
    phone: maskedPhone(phone),
    card: say('zh-CN', 'lookup.noCard'),
  }
  return {
    ...{ id, username, registeredAt, ...masked },
    state: { name: 'unproved' } as const,
    lastSignInAt: undefined,
    provedAt: undefined,
    ...{ sessions: [], clients: [] },
  }
}
