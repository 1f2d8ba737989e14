import Router from '@koa/router'
import type { Middleware } from 'koa'
import * as z from 'zod'
import { idTypes } from '../../config/id-types.ts'
import { foldApostrophes, foldRareCharacters } from '../../src/people/fields/person-name.ts'
import { bankFailures, bankFindings } from '../../src/ports/services/bank-outcomes.ts'
import type { BankAnswer } from '../../src/ports/services/bank-verification.ts'
import { bodyOf, phone, shaped, text } from './body.ts'

const cardRecord = z.object({
  bank: text,
  name: text,
  idType: z.enum(Object.values(idTypes)),
  /** ISO 3166-1 alpha-3, of a 护照; absent where the bank did not record it. */
  idCountry: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  idNumber: text,
  phone,
  kind: z.enum(['debit', 'credit', 'social-security']),
  /** Overrides the answer: a failure for every request, a finding only for a matching one. */
  outcome: z.enum([...bankFindings, ...bankFailures]).optional(),
})
type CardRecord = z.infer<typeof cardRecord>

const claimed = cardRecord
  .omit({ kind: true, outcome: true })
  .extend({ idType: text, account: text })
type Claim = z.infer<typeof claimed>

/** Simulates 联网银行信息核验平台 with all banks. */
export function bank(called: Middleware): Router {
  const cards = new Map<string, CardRecord>()
  const router = new Router()
  router.put('/bank/cards/:account', async (ctx) => {
    cards.set(shaped(ctx, text, ctx.params['account']), await bodyOf(ctx, cardRecord))
    ctx.status = 204
  })
  router.delete('/bank/cards/:account', (ctx) => {
    cards.delete(shaped(ctx, text, ctx.params['account']))
    ctx.status = 204
  })
  router.post('/bank/verifications', called, async (ctx) => {
    const claim = await bodyOf(ctx, claimed)
    ctx.body = answer(cards.get(claim.account), claim)
  })
  return router
}

/** Unifies the characters that banks treat as equal. Any other difference is a mismatch. */
const foldName = (name: string) => foldApostrophes(foldRareCharacters(name))

function answer(card: CardRecord | undefined, claim: Claim): BankAnswer {
  if (!card) return { outcome: 'no_record' }
  const { outcome } = card
  if (outcome === 'quota' || outcome === 'unavailable') return { outcome }
  const same =
    card.bank === claim.bank &&
    foldName(card.name) === foldName(claim.name) &&
    card.idType === claim.idType &&
    (card.idCountry === undefined || card.idCountry === claim.idCountry) &&
    card.idNumber === claim.idNumber &&
    card.phone === claim.phone
  if (!same) return { outcome: 'mismatch' }
  if (outcome && outcome !== 'match') return { outcome }
  if (card.kind === 'credit') return { outcome: 'not_debit' }
  return { outcome: 'match', cardKind: card.kind }
}
