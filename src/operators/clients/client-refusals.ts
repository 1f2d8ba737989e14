import { say } from '../../../config/messages.ts'
import { type Refusal, refuse } from '../../people/refusal.ts'
import type { ClientProblem } from '../../ports/operators/managed-clients.ts'
import { clientFieldLabel, clientFormFields } from './client-form.ts'

/**
 * Problems beside the fields of the form, the first of each field. A problem of an entry stands beside its list, and one of a
 * field that the form lacks at its top.
 */
export function clientRefusals(
  problems: readonly ClientProblem[],
  ownFields: readonly string[] = [],
): readonly Refusal[] {
  const known = new Set([...ownFields, ...clientFormFields.map(({ name }) => name)])
  const byField = new Map<string, Refusal>()
  for (const problem of problems) {
    const [name = ''] = problem.field.split('.')
    const at = known.has(name) ? name : 'form'
    if (!byField.has(at)) byField.set(at, refusalOf(problem, at, name))
  }
  return [...byField.values()]
}

/** The messages of metadata do not name their field. */
function refusalOf({ code, params }: ClientProblem, at: string, name: string): Refusal {
  if (name === 'form') return refuse(at, code, { params })
  const label = say('zh-CN', clientFieldLabel(name))
  return refuse(at, 'clients.problem', { params: { label, problem: say('zh-CN', code, params) } })
}
