import { operatorsOf } from './console.ts'
import { samplePerson } from './people.ts'
import { personAtForms } from './person-at-forms.ts'
import type { TestPlatform } from './platform.ts'
import { register, signInFields, withCode } from './registering.ts'

/**
 * One small day: a registration, sign-ins right and wrong, a refusal of the bank, a message too soon, an outage of the bank,
 * and an operator at the console. Returns all that was typed.
 */
export async function simulatedDay(
  platform: TestPlatform,
): Promise<Readonly<Record<string, string>>> {
  const [person, other] = [samplePerson(), samplePerson()]
  const at = personAtForms()
  const done = await register(platform, at, person, `${platform.exam.url}/register`)
  const login = await at.open(new URL(String(done.link('返回业务系统登录')), done.url).href)
  const password = 'a wrong password'
  const wrong = await at.send(login, { ...signInFields(person), password })
  await at.send(wrong, signInFields(person))

  const refusing = personAtForms()
  const { page, fields } = await withCode(platform, refusing, other)
  const refused = await refusing.send(page, fields)
  await refusing.send(refused, fields, 'send')
  await platform.simulator('PUT', '/faults', { bank: 'error' })
  await refusing.send(refused, fields)
  await platform.simulator('PUT', '/faults', { bank: 'ok' })

  const desk = await operatorsOf(platform)
  const operator = await desk.newOperator('auditor')
  const browser = await desk.signedIn(operator)
  await browser.get('/stats')
  await fetch(`${platform.issuer}/no/such/page/${other.username}`)
  return {
    ...Object.fromEntries(typedBy('person', person)),
    ...Object.fromEntries(typedBy('other', other)),
    ...{ password, operator: operator.username, token: browser.token },
  }
}

const typedBy = (who: string, person: ReturnType<typeof samplePerson>) =>
  (['username', 'name', 'password', 'idNumber', 'account', 'phone'] as const).map(
    (field) => [`${who} ${field}`, person[field]] as const,
  )
