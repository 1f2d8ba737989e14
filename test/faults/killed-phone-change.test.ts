import { randomUUID } from 'node:crypto'
import { expectAtomicChange, withOtherProof } from '../support/atomic-change.ts'
import { type KillablePlatform, killablePlatform } from '../support/killable-platform.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { personFields, toCodeStep, withChangeCode } from '../support/recovering.ts'
import { terminal, terminalApi, wantedFor } from '../support/terminal.ts'

jest.setTimeout(600_000)

const machine = await terminal()
let platform: KillablePlatform
beforeAll(async () => {
  platform = await killablePlatform({ clients: [machine.metadata] })
})
afterAll(() => platform.close())

test('a process killed at any change completes 更换手机号 or changes nothing, and a second press completes it', async () => {
  const atLastButton = async () => {
    const people = await withOtherProof(platform)
    const at = personAtForms()
    const offers = await toCodeStep(platform, at, personFields(people.before))
    const { page, fields } = await withChangeCode(platform, at, offers, people.after)
    const press = async () => (await at.send(page, fields)).heading
    return { ...people, press }
  }
  await expectAtomicChange(platform, atLastButton, '更换成功', 2)
})

test('a process killed at any change completes a change at a terminal or changes nothing, and a repeated request completes it', async () => {
  const beforeRequest = async () => {
    const people = await withOtherProof(platform, 'social-security')
    const [token, key] = [await machine.token(platform.issuer), randomUUID()]
    const api = await terminalApi(platform.issuer)
    const body = await machine.body(wantedFor(people.after), platform.issuer)
    const press = async () => `${(await api.ask(token, body, key)).status}`
    return { ...people, press }
  }
  await expectAtomicChange(platform, beforeRequest, '200', 3)
})
