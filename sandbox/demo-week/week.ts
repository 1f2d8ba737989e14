import type { Counters } from '../../src/ports/counters.ts'

const hour = 3_600_000

/** Visitors by hour of the day in China, in thousandths of the day. */
const ofDay = [
  ...[8, 5, 3, 2, 2, 4, 12, 30, 62, 88, 86, 68],
  ...[46, 58, 74, 76, 68, 52, 44, 48, 58, 52, 36, 18],
]

/** The visitors of each of the seven days: registration for an exam opens on the third. */
const ofWeek = [900, 1100, 5200, 3900, 2600, 1400, 1200]

const banks = {
  ...{ 工商银行: 22, 建设银行: 19, 招商银行: 17, 农业银行: 11, 中国银行: 10, 平安银行: 6 },
  ...{ 深圳农村商业银行: 5, 邮储银行: 4, 交通银行: 3, 中信银行: 1, 光大银行: 1, 民生银行: 1 },
}

/** Adds the counts of one hour of an invented week. `turnTo`: the clock of `counters`. */
export function demoHours(
  counters: Pick<Counters, 'add'>,
  { from, now }: { readonly from: number; readonly now: number },
  turnTo: (time: number) => void,
): void {
  for (let at = from, index = 0; at <= now; at += hour, index += 1) {
    turnTo(at)
    const day = Math.floor(index / 24)
    const visitors = ((ofWeek[day] ?? 0) * (ofDay[index % 24] ?? 0)) / 1000
    // On the fourth afternoon a bank does not answer; in the fifth night somebody tries passwords and phones.
    addHour(counters, visitors, {
      isOutage: day === 3 && [14, 15].includes(index % 24),
      isAttack: day === 4 && [1, 2, 3].includes(index % 24),
    })
  }
}

function addHour(
  counters: Pick<Counters, 'add'>,
  visitors: number,
  { isOutage, isAttack }: { readonly isOutage: boolean; readonly isAttack: boolean },
): void {
  const times = (share: number) => Math.round(visitors * share * (0.9 + Math.random() / 5))
  const step = (flow: string, name: string, outcome: string, share: number) =>
    some(times(share), (n) => counters.add('flow-steps', { flow, step: name, outcome }, n))
  const limit = (name: string, n: number) =>
    some(n, () => counters.add('limits', { limit: name }, n))

  step('register', 'start', 'begun', 1)
  step('register', 'login', 'passed', 0.82)
  step('register', 'login', 'invalid', 0.2)
  step('register', 'identity', 'passed', 0.75)
  step('register', 'identity', 'invalid', 0.12)
  step('register', 'bank', 'sent', 0.74)
  step('register', 'bank', 'invalid', 0.1)
  step('register', 'bank', 'refused', isOutage ? 0.1 : 0.07)
  step('register', 'bank', 'unavailable', isOutage ? 0.3 : 0)
  step('register', 'bank', 'passed', isOutage ? 0.4 : 0.66)
  step('register/organisation', 'start', 'begun', 0.06)
  step('register/organisation', 'login', 'passed', 0.05)
  step('register/organisation', 'unit', 'passed', 0.04)
  step('register/organisation', 'unit', 'refused', 0.008)
  step('register/organisation', 'handler', 'passed', 0.038)
  step('register/organisation', 'bank', 'passed', 0.034)
  step('recover/username', 'start', 'begun', 0.08)
  step('recover/password', 'start', 'begun', 0.12)

  for (const [bank, share] of Object.entries(banks)) {
    const check = (outcome: string, of: number) =>
      some(times((share / 100) * of), (n) => counters.add('bank-checks', { bank, outcome }, n))
    const isDown = isOutage && bank === '建设银行'
    check('match', isDown ? 0.05 : 0.72)
    check('mismatch', 0.06)
    check('no_record', 0.02)
    check('card_unusable', 0.01)
    check('unavailable', isDown ? 0.8 : 0.005)
  }
  const sms = (template: string, outcome: string, share: number) =>
    some(times(share), (n) => counters.add('sms', { template, outcome }, n))
  sms('code', 'sent', 0.98)
  sms('code', 'used', 0.86)
  sms('code', 'unavailable', 0.004)
  sms('username', 'sent', 0.06)
  sms('password-reset', 'sent', 0.09)
  sms('new-device', 'sent', 0.2)
  sms('phone-changed', 'sent', 0.02)
  sms('phone-changed-old', 'sent', 0.02)
  const signIn = (outcome: string, n: number) =>
    some(n, () => counters.add('sign-ins', { outcome }, n))
  signIn('password', times(1.3))
  signIn('sms', times(0.03))
  signIn('wrong', isAttack ? 2400 : times(0.16))
  signIn('wait', isAttack ? 900 : times(0.02))
  signIn('cancelled', times(0.02))
  for (const [client, share] of Object.entries({ 'exam-service': 1.1, 'social-service': 0.3 }))
    some(times(share), (n) => counters.add('client-sign-ins', { client }, n))
  limit('sms.pause', times(0.05))
  limit('sms.phone', times(0.004))
  limit('bank.card', times(0.006))
  limit('wait.login', isAttack ? 900 : times(0.02))
  limit('login.address', isAttack ? 1300 : 0)
  limit('sms.network', isAttack ? 260 : 0)
  limit('wait.captcha.address', isAttack ? 140 : times(0.01))
}

function some(count: number, add: (count: number) => void): void {
  if (count > 0) add(count)
}
