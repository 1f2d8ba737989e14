import { observedKms } from '../../src/adapters/instrumentation/observed-kms.ts'
import {
  observedAges,
  observedBank,
  observedFetch,
  observedRegistry,
  observedSms,
} from '../../src/adapters/instrumentation/observed-services.ts'
import { claim, message, unit } from '../support/vendors/samples.ts'

/** Keeps what a call ended with, as `bank match`. */
function recorded() {
  const ended: string[] = []
  const externalCall = (service: string) => (outcome: string) =>
    void ended.push(`${service} ${outcome}`)
  return { ended, calls: { externalCall } }
}

test('a call is measured with the service and the word of its outcome', async () => {
  const { ended, calls } = recorded()
  await observedBank({ verify: async () => ({ outcome: 'mismatch' }) }, calls).verify(claim)
  await observedSms({ send: async () => 'sent' }, calls).send(message)
  await observedAges({ ask: async () => ({ months: 7 }) }, calls).ask('+8613800000000')
  await observedAges({ ask: async () => 'unknown' }, calls).ask('+8613800000000')
  await observedRegistry({ verify: async () => 'no_record' }, calls).verify(unit)
  await observedFetch(async () => new Response(), calls)()
  await observedFetch(async () => new Response('', { status: 400 }), calls)()
  expect(ended).toEqual([
    ...['bank mismatch', 'sms sent', 'number-age known', 'number-age unknown'],
    ...['registry no_record', 'client done', 'client refused'],
  ])
})

test('a bank that was not asked is no call', async () => {
  const { ended, calls } = recorded()
  const bank = { verify: async () => ({ outcome: 'quota', notAsked: true }) as const }
  await observedBank(bank, calls).verify(claim)
  expect(ended).toEqual([])
})

test('a call that rejects is measured as failed, and its error goes on', async () => {
  const { ended, calls } = recorded()
  const send = observedFetch(async () => {
    throw new Error('no connection')
  }, calls)
  await expect(send()).rejects.toThrow('no connection')
  expect(ended).toEqual(['client failed'])
})

test('a KMS is measured without the code of its refusal', async () => {
  const { ended, calls } = recorded()
  const kms = observedKms(
    {
      encrypt: async () => ({ refused: 'Forbidden.KeyNotFound' }),
      decrypt: async () => ({ result: Buffer.alloc(32) }),
    },
    calls,
  )
  await kms.encrypt(Buffer.alloc(32), 'key 1')
  await kms.decrypt('wrapped', 'key 1')
  expect(ended).toEqual(['kms refused', 'kms done'])
})
