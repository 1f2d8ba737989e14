import type { MessageCode } from '../../../config/messages.ts'
import { codePoints, field } from '../../people/fields/field.ts'

const most = 200

/** A text for the audit, with the message for an empty one. */
export const reasonText = (missing: MessageCode) =>
  field(missing, (typed, reject) =>
    codePoints(typed) > most ? reject('reason.long', { most }) : typed,
  )

/** 事由. */
export const reason = reasonText('reason.missing')
