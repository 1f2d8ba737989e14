import { enrolUnit } from '../support/enrolled.ts'
import { addressOf, expectOnlyReachedSteps, stepOf } from '../support/open-steps.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import { bankFields } from '../support/registering.ts'
import { callsOf } from '../support/settled.ts'
import {
  addToRegistry,
  claimantFields,
  sampleUnit,
  successor,
  unitFields,
  unitLoginFields,
} from '../support/units.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({ env: { LIMITS_SCALE: '60000' } })
})
afterAll(() => platform.close())

type Fields = Readonly<Record<string, string>>
/** A flow with the valid input of each step, in order. */
type Way = { readonly path: string; readonly steps: Readonly<Record<string, Fields>> }

/** Creates people and units whom bank and registry confirm, and returns the flow for them. */
const ways: Readonly<Record<string, () => Promise<Way>>> = {
  async 单位用户注册() {
    const unit = sampleUnit()
    await addToRegistry(platform, unit)
    await platform.issueCard(unit.handler)
    return {
      path: 'register/organisation',
      steps: {
        login: unitLoginFields(unit),
        unit: unitFields(unit),
        handler: claimantFields(unit.handler),
        bank: bankFields(unit.handler),
      },
    }
  },
  async 更换经办人() {
    const [unit, { person, password }] = [sampleUnit(), successor()]
    const holder = await enrolUnit(platform, unit)
    await platform.issueCard(person)
    return {
      path: 'organisation/handler',
      steps: {
        account: { username: holder.username, password: holder.password, captcha: fixedAnswer },
        handler: claimantFields(person),
        password: { password, passwordAgain: password },
        bank: bankFields(person),
      },
    }
  },
  async 法定代表人确认() {
    const [unit, { password }] = [sampleUnit(), successor()]
    await enrolUnit(platform, unit)
    await addToRegistry(platform, unit)
    const { legalRepresentative } = unit
    await platform.issueCard(legalRepresentative)
    const { unitName, idType, idNumber } = unitFields(unit)
    return {
      path: 'organisation/legal-representative',
      steps: {
        unit: { unitName, idType, idNumber, captcha: fixedAnswer },
        representative: claimantFields(legalRepresentative),
        password: { password, passwordAgain: password },
        bank: bankFields(legalRepresentative),
      },
    }
  },
}

/** Goes through the flow up to this step. */
async function reach(way: Way, step: string, at = personAtForms()) {
  const start = await at.open(`${platform.issuer}/${way.path}`)
  let page = start
  for (const [name, fields] of Object.entries(way.steps)) {
    if (name === step) break
    if (name === 'bank') page = await withCode(at, page, fields)
    else page = await at.send(page, fields)
  }
  expect([step, stepOf(page), page.faults]).toEqual([step, step, []])
  return { at, start, page }
}

async function withCode(at: ReturnType<typeof personAtForms>, page: FilledPage, fields: Fields) {
  const sent = await at.send(page, fields, 'send')
  return at.send(sent, { ...fields, smsCode: await platform.codeFor(String(fields['phone'])) })
}

describe.each(Object.keys(ways))('%s', (name) => {
  test.each([0, 1, 2, 3, 4])('opens no later step when step %i is reached', async (n) => {
    const way = await ways[name]?.()
    if (!way) throw new Error(`no way ${name}`)
    const steps = [...Object.keys(way.steps), 'done']
    const { at, start, page } = await reach(way, String(steps[n]))
    const calls = await callsOf(platform)
    // The input is valid for every step and has the token of this flow.
    const all = Object.assign({}, ...Object.values(way.steps))
    const typed = { ...all, smsCode: '123456', token: String(start.typed['token']) }
    await expectOnlyReachedSteps(at, page, steps, typed)
    expect(await callsOf(platform)).toEqual(calls)
  })

  test('refuses another browser, another tab’s token and another flow’s address', async () => {
    const way = await ways[name]?.()
    if (!way) throw new Error(`no way ${name}`)
    const { at, page } = await reach(way, 'bank')
    const other = await personAtForms().open(page.url.href)
    expect([other.status, other.heading]).toEqual([403, '请重新开始'])
    const tab = await at.open(`${platform.issuer}/${way.path}`)
    const body = new URLSearchParams({ ...page.typed, token: String(tab.typed['token']) })
    const forged = await at.browser.request(page.url, { method: 'POST', body })
    expect(forged.status).toBe(403)
    const elsewhere = page.url.href.replace(`/${way.path}/`, '/recover/username/')
    expect((await at.open(elsewhere)).status).toBe(403)
    expect((await at.open(addressOf(page, 'bank'))).heading).toBe('填写验证信息')
  })
})
