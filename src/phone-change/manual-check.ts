import * as z from 'zod'
import { documentFields, isNationWide } from '../people/fields/id-document.ts'
import { withNotes } from '../people/refusal.ts'
import type { Action } from '../web/flow/flow-definition.ts'

const documentTyped = z.object(documentFields)

/**
 * Adds to an action's refusals the number to call, if the typed document is no nation-wide identifier: a new name is not
 * accepted for it here (decision 0211). The note depends on the typed document only, so that it does not disclose
 * whether an account exists.
 */
export const withManualCheck =
  <A, Ports, Answer>(inner: Action<A, Ports, Answer>): Action<A, Ports, Answer> =>
  (typed, visit, ports) => {
    const pressed = inner(typed, visit, ports)
    const document = documentTyped.safeParse(typed)
    if ('invalid' in pressed || !document.success) return pressed
    const { idType: type, idNumber: number } = document.data
    if (isNationWide({ type, number })) return pressed
    return {
      async decide() {
        const outcome = await pressed.decide()
        if (!('refused' in outcome)) return outcome
        const refused = withNotes(outcome.refused, [{ code: 'phoneChange.manualCheck' }])
        return { ...outcome, refused }
      },
    }
  }
