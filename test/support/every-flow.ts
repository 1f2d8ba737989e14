import { until } from '../../sandbox/ports.mjs'
import { accountDetailsFlow } from '../../src/account/account-details-flow.ts'
import { closingFlow } from '../../src/account/closing-flow.ts'
import { passwordChangeFlow } from '../../src/account/password-change-flow.ts'
import { securityQuestionsFlow } from '../../src/account/security-questions-flow.ts'
import { handlerChangeFlow } from '../../src/organisations/handler-change-flow.ts'
import { legalRepresentativeFlow } from '../../src/organisations/legal-representative-flow.ts'
import { passwordRecoveryFlow } from '../../src/password-recovery/password-recovery-flow.ts'
import { phoneChangeFlow } from '../../src/phone-change/phone-change-flow.ts'
import { organisationRegistrationFlow } from '../../src/registration/organisation-registration-flow.ts'
import { registrationFlow } from '../../src/registration/registration-flow.ts'
import { usernameRecoveryFlow } from '../../src/username-recovery/username-recovery-flow.ts'
import { signedInAt } from './account-pages.ts'
import { enrolled, enrolUnit, setQuestions, threeAnswers } from './enrolled.ts'
import { cardNumber, type SamplePerson, samplePerson } from './people.ts'
import { type FilledPage, personAtForms } from './person-at-forms.ts'
import { fixedAnswer, type TestPlatform } from './platform.ts'
import { realNameJourney } from './real-name-journey.ts'
import { newPassword, personFields, phoneProof, toCodeStep } from './recovering.ts'
import { bankFields, identityFields, loginFields } from './registering.ts'
import { stepUpJourneys } from './step-up-journeys.ts'
import {
  addToRegistry,
  claimantFields,
  sampleUnit,
  successor,
  unitFields,
  unitLoginFields,
} from './units.ts'

type Fields = Readonly<Record<string, string>>

/** A step and its valid input. With `code`, the step also needs an SMS code that 发送短信验证 sends to that phone. */
export type Way = {
  readonly step: string
  readonly fields: Fields
  readonly code?: string
  /** The button, where it is not the form's default one. */
  readonly press?: string
}

/** A person at the first page of a flow. */
export type Begun = {
  readonly at: ReturnType<typeof personAtForms>
  readonly page: FilledPage
  /** The steps up to the last page, in order. */
  readonly way: readonly Way[]
  /** Valid input for the flow's other steps. */
  readonly aside?: Readonly<Record<string, Fields>>
  /** The person who is signed in. */
  readonly owner?: SamplePerson
  /** The last step signs the person out, so no page after the last one can be opened. */
  readonly signsOut?: true
  /** The flow ends with a redirect to this address, not with a page. */
  readonly goesOn?: string
}

/** The parts of a flow definition that these tests need. */
type Flow = {
  readonly path: string
  readonly steps: Readonly<Record<string, { readonly actions: object; readonly keeps: object }>>
}

export type Journey = { readonly flow: Flow; readonly name: string; begin(): Promise<Begun> }

/** The names, which `test.each` needs before the platform runs. */
export const journeyNames = [
  ...['个人用户注册', '单位用户注册', '更换经办人', '法定代表人确认', '找回用户名', '更换手机号'],
  ...['找回密码, by phone', '找回密码, by questions'],
  ...['用户信息', '密码管理', '密保工具', '注销账户'],
  ...['验证身份, by SMS', '验证身份, by the bank', '实名认证'],
] as const

/** Every flow, with each path through it. */
export function everyJourney(platform: TestPlatform): readonly Journey[] {
  const { issuer } = platform
  const captcha = { captcha: fixedAnswer }
  const open = async (path: string) => {
    const at = personAtForms()
    return { at, page: await at.open(`${issuer}/${path}`) }
  }
  /** Gives the person another phone and card at the bank than the platform has stored. */
  const moved = async (person: SamplePerson) => {
    const { phone } = samplePerson()
    const after = { ...person, phone, account: cardNumber('621483') }
    await platform.issueCard(after)
    return after
  }
  const bankStep = (person: SamplePerson, more: Fields = {}) => ({
    fields: { ...bankFields(person), ...more },
    code: person.phone,
  })
  const recovering = async (chosen: 'phone' | 'questions'): Promise<Begun> => {
    const person = await enrolled(platform)
    await setQuestions(platform, person)
    const reset = newPassword('an entirely new staple')
    const answers = Object.values(threeAnswers)
    const proofs = {
      phone: phoneProof(person),
      questions: Object.fromEntries(answers.map((answer, n) => [`answer${n + 1}`, answer])),
    }
    const other = chosen === 'phone' ? 'questions' : 'phone'
    return {
      ...(await open('recover/password')),
      way: [
        { step: 'username', fields: { username: person.username, ...captcha } },
        { step: 'method', fields: {}, press: chosen === 'phone' ? 'next' : 'questions' },
        { step: chosen, fields: proofs[chosen], ...(chosen === 'phone' && { code: person.phone }) },
        { step: 'password', fields: reset },
      ],
      aside: { [other]: proofs[other] },
    }
  }
  const atAccount = async (path: string, wayOf: (owner: SamplePerson) => Promise<Way>) => {
    const owner = await enrolled(platform)
    const way = [await wayOf(owner)]
    return { ...(await signedInAt(platform, owner, `/account/${path}`)), way, owner }
  }

  return [
    {
      flow: registrationFlow,
      name: '个人用户注册',
      async begin() {
        const person = samplePerson()
        await platform.issueCard(person)
        return {
          ...(await open('register')),
          way: [
            { step: 'login', fields: loginFields(person) },
            { step: 'identity', fields: identityFields(person) },
            { step: 'bank', ...bankStep(person) },
          ],
        }
      },
    },
    {
      flow: organisationRegistrationFlow,
      name: '单位用户注册',
      async begin() {
        const unit = sampleUnit()
        await addToRegistry(platform, unit)
        await platform.issueCard(unit.handler)
        return {
          ...(await open('register/organisation')),
          way: [
            { step: 'login', fields: unitLoginFields(unit) },
            { step: 'unit', fields: unitFields(unit) },
            { step: 'handler', fields: claimantFields(unit.handler) },
            { step: 'bank', ...bankStep(unit.handler) },
          ],
        }
      },
    },
    {
      flow: handlerChangeFlow,
      name: '更换经办人',
      async begin() {
        const unit = sampleUnit()
        const { username, password: known } = await enrolUnit(platform, unit)
        const next = successor()
        await platform.issueCard(next.person)
        return {
          ...(await open('organisation/handler')),
          way: [
            { step: 'account', fields: { username, password: known, ...captcha } },
            { step: 'handler', fields: claimantFields(next.person) },
            { step: 'password', fields: newPassword(next.password) },
            { step: 'bank', ...bankStep(next.person) },
          ],
        }
      },
    },
    {
      flow: legalRepresentativeFlow,
      name: '法定代表人确认',
      async begin() {
        const unit = sampleUnit()
        await addToRegistry(platform, unit)
        await enrolUnit(platform, unit)
        const { unitName, idType, idNumber } = unitFields(unit)
        const next = successor(unit.legalRepresentative)
        await platform.issueCard(next.person)
        return {
          ...(await open('organisation/legal-representative')),
          way: [
            { step: 'unit', fields: { unitName, idType, idNumber, ...captcha } },
            { step: 'representative', fields: claimantFields(next.person) },
            { step: 'password', fields: newPassword(next.password) },
            { step: 'bank', ...bankStep(next.person) },
          ],
        }
      },
    },
    {
      flow: usernameRecoveryFlow,
      name: '找回用户名',
      async begin() {
        const person = await enrolled(platform)
        return {
          ...(await open('recover/username')),
          way: [
            { step: 'identity', fields: personFields(person) },
            { step: 'code', fields: {}, code: person.phone },
          ],
        }
      },
    },
    {
      flow: phoneChangeFlow,
      name: '更换手机号',
      async begin() {
        const person = await enrolled(platform)
        const after = await moved(person)
        const at = personAtForms()
        const offers = await toCodeStep(platform, at, personFields(person))
        return {
          at,
          page: await at.send(offers, {}, 'otherPhone'),
          way: [{ step: 'details', ...bankStep(after, claimantFields(after)) }],
        }
      },
    },
    { flow: passwordRecoveryFlow, name: '找回密码, by phone', begin: () => recovering('phone') },
    {
      flow: passwordRecoveryFlow,
      name: '找回密码, by questions',
      begin: () => recovering('questions'),
    },
    {
      flow: accountDetailsFlow,
      name: '用户信息',
      begin: () =>
        atAccount('details', async (owner) => {
          const after = await moved(owner)
          return { step: 'details', ...bankStep(after, { name: after.name }) }
        }),
    },
    {
      flow: passwordChangeFlow,
      name: '密码管理',
      begin: () =>
        atAccount('password', async ({ password: presentPassword }) => ({
          step: 'password',
          fields: { presentPassword, ...newPassword('an entirely new staple') },
        })),
    },
    {
      flow: securityQuestionsFlow,
      name: '密保工具',
      begin: () =>
        atAccount('questions', async ({ password: presentPassword }) => ({
          step: 'questions',
          fields: {
            presentPassword,
            ...Object.fromEntries(
              Object.entries(threeAnswers).flatMap(([question, answer], n) => [
                [`question${n + 1}`, question],
                [`answer${n + 1}`, answer],
              ]),
            ),
          },
        })),
    },
    {
      flow: closingFlow,
      name: '注销账户',
      async begin() {
        const way = async ({ password: presentPassword, phone }: SamplePerson) => ({
          ...{ step: 'close', fields: { presentPassword }, code: phone },
        })
        return { ...(await atAccount('close', way)), signsOut: true }
      },
    },
    ...stepUpJourneys(platform),
    realNameJourney(platform),
  ]
}

/** Returns the page and all its valid input. If the step needs an SMS code, requests and reads it first. */
export async function filledIn(
  platform: Pick<TestPlatform, 'messages'>,
  { at }: Pick<Begun, 'at'>,
  page: FilledPage,
  { fields, code: phone }: Way,
): Promise<{ readonly page: FilledPage; readonly fields: Fields }> {
  if (!phone) return { page, fields }
  const before = (await platform.messages(phone)).length
  const waiting = await at.send(page, fields, 'send')
  const arrived = async () => (await platform.messages(phone)).length > before
  await until(arrived, { seconds: 60, what: `a code for ${waiting.faults}` })
  const [newest] = await platform.messages(phone)
  return { page: waiting, fields: { ...fields, smsCode: newest.params.code } }
}
