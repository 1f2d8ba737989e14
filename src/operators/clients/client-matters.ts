import { say } from '../../../config/messages.ts'
import type {
  ClientMatter,
  ClientResult,
  GivenMetadata,
  ManagedClients,
} from '../../ports/operators/managed-clients.ts'
import type { ReviewLine, ReviewMatter, ReviewMatters } from '../reviews/review-matters.ts'
import { clientFieldLabel } from './client-form.ts'
import { metadataText } from './typed-metadata.ts'

export type ClientMattersPorts = {
  readonly managedClients: Pick<ManagedClients, 'find' | 'carryOut'>
}

/** The changes of clients that take two persons, after the other one has agreed. */
export function clientMatters({ managedClients }: ClientMattersPorts): ReviewMatters {
  const matter: ReviewMatter = {
    async describe(payload) {
      const asked = payload as ClientMatter
      const client = await managedClients.find(asked.id)
      return [
        { label: 'clients.action', value: say('zh-CN', `clients.action.${asked.action}`) },
        ...(client ? [{ label: 'clients.name', value: client.name } as const] : []),
        { label: 'clients.id', value: asked.id },
        ...linesOf(asked),
      ]
    },
    async execute({ payload }) {
      const asked = payload as ClientMatter
      return shownOnce(asked, await managedClients.carryOut(asked))
    },
    secretIn(text) {
      const [, id, secret] = newSecret.exec(text) ?? []
      return id && secret ? { id, secret } : undefined
    },
  }
  return { 'client-power': matter, 'client-remove': matter }
}

/** A new secret as the asker's text. A secret has no space. */
const newSecret = /^client_id (.+) client_secret (\S+)$/

function shownOnce(asked: ClientMatter, result: ClientResult) {
  if ('event' in result) {
    const { event: deed, secret } = result
    return { deed, ...(secret && { toAsker: `client_id ${asked.id} client_secret ${secret}` }) }
  }
  // The client has changed since it was asked for, so that nothing was done.
  const problems = 'problems' in result ? result.problems : []
  const why = problems.map(({ code, params }) => say('zh-CN', code, params)).join('；')
  const said = say('zh-CN', 'clients.notDone', { id: asked.id, why })
  return { toAsker: said, toDecider: said }
}

/** The changed fields, before and after; of a new client all. No secret is among them. */
function linesOf(asked: ClientMatter): readonly ReviewLine[] {
  if (asked.action !== 'create' && asked.action !== 'change') return []
  const before: GivenMetadata = asked.action === 'change' ? asked.before : {}
  const text = (value: unknown) =>
    value === undefined ? say('zh-CN', 'clients.notSet') : metadataText(value)
  const all = new Set([...Object.keys(before), ...Object.keys(asked.after)])
  all.delete('client_id')
  return [...all].flatMap((name) => {
    const [was, is] = [text(before[name]), text(asked.after[name])]
    if (was === is) return []
    const value =
      asked.action === 'create' ? is : say('zh-CN', 'clients.fromTo', { from: was, to: is })
    return [{ label: clientFieldLabel(name), value }]
  })
}
