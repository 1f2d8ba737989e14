import type { Account, AccountChange } from '../../src/people/account.ts'
import { eventsOfChange } from '../../src/people/account-events.ts'

const before = { phone: '+8613800138000', card: {} } as unknown as Account
const byBank = { phone: before.phone, card: {} } as unknown as NonNullable<AccountChange['proof']>
const byCounter = { phone: '+8613900139000', counter: { id: 'a', provedAt: 1 } } as typeof byBank
const credential = (name: string) => ({ name: 'credential-change', credential: name })
const level = (to: string) => ({
  name: 'assurance-level-change',
  level: to,
  before: 'four_elements',
})

test.each<[what: string, AccountChange, events: readonly object[]]>([
  ['a new password', { passwordHash: 'a' }, [credential('password')]],
  ['new 密保问题', { questions: [] }, [credential('security-questions')]],
  ['removed 密保问题', { questions: null }, [credential('security-questions')]],
  ['a proof by bank', { proof: byBank }, [level('four_elements')]],
  [
    'a proof at a counter, with a new phone',
    { proof: byCounter },
    [credential('phone-sms'), level('in_person')],
  ],
  ['冻结', { frozenSince: 1 }, [{ name: 'account-disabled' }]],
  ['解冻', { frozenSince: null }, [{ name: 'account-enabled' }]],
  [
    'a password reset',
    { passwordHash: 'a', recovery: true },
    [{ name: 'recovery-activated' }, credential('password')],
  ],
  ['a request for 注销', { closingSince: 1 }, []],
  ['a confirmation by the legal representative', { confirmedAt: 1 }, []],
])('clients learn about %s', (_, change, events) => {
  expect(eventsOfChange(before, change)).toEqual(events)
})
