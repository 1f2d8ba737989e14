import * as z from 'zod'
import type { PhoneRegion } from '../../../config/phone-regions.ts'
import { accountStates } from '../accounts/account-facts.ts'
import {
  type AccountAction,
  type AccountStatePorts,
  accountActions,
  changeAccountState,
  eventOfAction,
} from '../accounts/change-account-state.ts'
import { type LookUpPorts, lookUpAccounts } from '../accounts/look-up-accounts.ts'
import { lookupIdTypes, lookupWays, readLookup, reasonKinds } from '../accounts/lookup-form.ts'
import { type ApiCall, apiCall, done, noContent } from './api-call.ts'
import { problemOfRefusals } from './api-problem.ts'
import { instant, iso, reasonBody, reasonValue } from './values.ts'

export type AccountCallsPorts = LookUpPorts &
  AccountStatePorts & { readonly phoneRegions: readonly PhoneRegion[] }

const search = z.strictObject({
  by: z.enum(lookupWays, 'lookup.by.missing'),
  value: z.string('lookup.value.missing').min(1, 'lookup.value.missing').max(200),
  idType: z.enum(lookupIdTypes, 'idType.missing').optional().meta({
    description: 'Required for `by: document`. Claim values; `uscc`: of an organisation.',
  }),
  reasonKind: z.enum(reasonKinds, 'lookup.reasonKind.missing').default(reasonKinds[0]),
  reason: reasonValue,
})

const accounts = z.object({
  accounts: z.array(
    z.object({
      id: z.string(),
      username: z.string(),
      name: z.string().meta({ description: 'Masked: the first character.' }),
      document: z.string().meta({ description: 'Masked.' }),
      phone: z.string().meta({ description: 'Masked.' }),
      card: z.string().meta({ description: 'The bank and the masked account.' }),
      state: z.enum(accountStates),
      registeredAt: instant,
      lastSignInAt: instant.optional().meta({ description: 'Absent: never.' }),
    }),
  ),
})

/** 用户查询 and its actions. */
export function accountCalls(ports: AccountCallsPorts): readonly ApiCall[] {
  const { clock, phoneRegions } = ports
  return [
    apiCall({
      route: 'POST /accounts/search',
      summary: 'Find accounts by an exact value; each look stands in the citizen’s records',
      body: search,
      answer: { status: 200, description: 'Those that match, masked.', schema: accounts },
      problems: ['over-limit'],
      async run({ body: { idType = '', ...body }, clientId }) {
        const lookup = readLookup({ ...body, idType }, phoneRegions, clock())
        if (!('wanted' in lookup)) return problemOfRefusals(lookup)
        const found = await lookUpAccounts(lookup, clientId, ports)
        if ('code' in found) return problemOfRefusals([found])
        const { results, did } = found
        return { did, answer: { status: 200, body: { accounts: results.map(shown) } } }
      },
    }),
    ...accountActions.map((action) => actionCall(action, ports)),
  ]
}

const actionCall = (action: AccountAction, ports: AccountStatePorts): ApiCall =>
  apiCall({
    route: `POST /accounts/:id/${action}`,
    summary: summaries[action],
    body: reasonBody,
    answer: done,
    problems: ['not-found'],
    async run({ body: { reason }, by, param }) {
      const accountId = param('id')
      if (!(await changeAccountState(action, accountId, by, ports))) return { name: 'not-found' }
      return { did: { what: eventOfAction[action], accountId, reason }, answer: noContent }
    },
  })

const summaries: Readonly<Record<AccountAction, string>> = {
  unlock: 'End the wait after wrong passwords',
  'end-sessions': 'End all sessions and tokens',
  freeze: 'Freeze: sessions and tokens end, and nobody can sign in',
  unfreeze: 'Let the owner sign in again',
}

type Facts = Exclude<
  Awaited<ReturnType<typeof lookUpAccounts>>,
  { code: unknown }
>['results'][number]

const shown = ({ state, registeredAt, lastSignInAt, ...facts }: Facts) => ({
  ...{ id: facts.id, username: facts.username, name: facts.name, document: facts.document },
  ...{ phone: facts.phone, card: facts.card, state: state.name },
  registeredAt: iso(registeredAt),
  ...(lastSignInAt !== undefined && { lastSignInAt: iso(lastSignInAt) }),
})
