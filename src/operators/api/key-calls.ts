import * as z from 'zod'
import { keyAlgorithms } from '../../../config/oidc.ts'
import type { ManagedKey, ManagedKeys } from '../../ports/operators/managed-keys.ts'
import { rotateKey } from '../pages/rotate-key.ts'
import { type ApiCall, apiCall, noContent } from './api-call.ts'
import { twoPersonsCall } from './two-persons-call.ts'
import { instant, iso, reasonBody } from './values.ts'

export type KeyCallsPorts = { readonly managedKeys: Pick<ManagedKeys, 'list' | 'rotate'> }

const keys = z.object({
  keys: z.array(
    z.object({
      ...{ alg: z.enum(keyAlgorithms), kid: z.string() },
      use: z.enum(['signing', 'decryption']),
      state: z.enum(['next', 'current', 'previous', 'gone']),
      signsFrom: instant,
      until: instant.optional().meta({ description: 'When the state changes by itself.' }),
    }),
  ),
})

/** 密钥: those that sign and those that decrypt request objects. */
export const keyCalls = ({ managedKeys }: KeyCallsPorts): readonly ApiCall[] => [
  apiCall({
    route: 'GET /keys',
    summary: 'The keys, without key material; of an algorithm the one in use first',
    answer: { status: 200, description: 'The keys.', schema: keys },
    problems: [],
    async run() {
      const body = { keys: (await managedKeys.list()).map(shown) }
      return { did: 'nothing', answer: { status: 200, body } }
    },
  }),
  apiCall({
    route: 'POST /keys/:alg/rotate',
    summary: 'Use a new key of the algorithm at once',
    body: reasonBody,
    answer: { status: 204, description: 'Rotated.' },
    problems: ['not-found'],
    async run({ body: { reason }, once, param }) {
      const alg = keyAlgorithms.find((known) => known === param('alg'))
      if (!alg) return { name: 'not-found' }
      const did = await rotateKey(alg, { reason, by: 'api' }, managedKeys, once)
      return did ? { did, answer: noContent } : { name: 'conflict', detail: 'keys.rotatedBefore' }
    },
  }),
  twoPersonsCall(
    'POST /keys/:kid/withdraw',
    'Takes two persons: a key is withdrawn in the console',
  ),
]

const shown = ({ alg, kid, use, state, signsFrom, until }: ManagedKey) => ({
  ...{ alg, kid, use, state, signsFrom: iso(signsFrom) },
  ...(until !== undefined && { until: iso(until) }),
})
