import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { smsTemplates } from '../../config/sms-templates.ts'
import { testClock } from '../support/clock.ts'
import { enrolled } from '../support/enrolled.ts'
import { expectRefusal } from '../support/expect-refusal.ts'
import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { testPlatform } from '../support/platform.ts'
import { toMethodStep, withPhoneCode } from '../support/recovering.ts'
import { bankFields, toBankStep, withCode } from '../support/registering.ts'

const { clock, turn } = testClock()

/** Redirects requests to a host to a local server with these answers. */
async function redirectHost(host: string, answers: readonly object[]) {
  let asked = 0
  const server = createServer((request, response) => {
    request.resume()
    const answer = answers[Math.min(asked, answers.length - 1)]
    asked += 1
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const ordinary = globalThis.fetch
  globalThis.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    if (url.hostname !== host) return ordinary(input, init)
    return ordinary(`http://127.0.0.1:${port}${url.pathname}${url.search}`, init)
  }
  return {
    asked: () => asked,
    close() {
      globalThis.fetch = ordinary
      server.closeAllConnections()
      server.close()
    },
  }
}

test('a number that cannot receive SMS is refused beside its field, counts nothing and can be corrected at once', async () => {
  const gateway = await redirectHost('dysmsapi.aliyuncs.com', [
    { Code: 'isv.MOBILE_NUMBER_ILLEGAL', Message: 'no', RequestId: 'r' },
    { Code: 'isv.MOBILE_NUMBER_ILLEGAL', Message: 'no', RequestId: 'r' },
    { Code: 'OK', Message: 'OK', BizId: '1', RequestId: 'r' },
  ])
  const platform = await testPlatform({
    env: {
      SMS_PROVIDER: 'aliyun',
      ...{ ALIYUN_ACCESS_KEY_ID: 'id', ALIYUN_ACCESS_KEY_SECRET: 'secret' },
      ALIYUN_SMS_SIGN_NAME: '统一用户平台',
      ALIYUN_SMS_TEMPLATES: Object.keys(smsTemplates)
        .map((name, n) => `${name}=SMS_${n + 1}`)
        .join(','),
    },
  })
  try {
    const at = personAtForms()
    const person = samplePerson()
    const bank = await toBankStep(platform, at, person)
    for (let n = 0; n < 2; n += 1) {
      const refused = await at.send(bank, bankFields(person), 'send')
      expectRefusal(refused, 'phone', '此号码收不到短信，请核对手机号码')
      expect(refused.value('phone')).toBe(person.phone)
    }
    const sent = await at.send(bank, bankFields(person), 'send')
    expect([sent.faults, gateway.asked()]).toEqual([[], 3])
  } finally {
    gateway.close()
    await platform.close()
  }
})

test('a code for one purpose is not valid for another with the same phone and browser', async () => {
  const platform = await testPlatform({ clock })
  try {
    const at = personAtForms()
    const person = await enrolled(platform)
    const { phone } = person
    const newcomer = samplePerson({ phone })
    const registering = await withCode(platform, at, newcomer)
    const method = await toMethodStep(platform, at, person.username)
    const phoneStep = await at.send(method, {})
    const { idType, idNumber } = person
    const proof = { idType, idNumber, phone }
    const expired = '短信验证码已失效，请重新发送（有效期 5 分钟，仅限本次填写的手机号码）'
    const { smsCode } = registering.fields
    expectRefusal(await at.send(phoneStep, { ...proof, smsCode }), 'smsCode', expired)
    turn(60)
    const recovering = await withPhoneCode(platform, at, person)
    const bank = await toBankStep(platform, at, samplePerson({ phone }))
    const typed = { ...registering.fields, smsCode: recovering.fields.smsCode }
    expectRefusal(await at.send(bank, typed), 'smsCode', expired)
    expect((await at.send(recovering.page, recovering.fields)).faults).toEqual([])
  } finally {
    await platform.close()
  }
})
