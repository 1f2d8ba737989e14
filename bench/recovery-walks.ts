import { cookieBrowser } from '../test/support/cookie-browser.ts'
import { digits, type SamplePerson } from '../test/support/people.ts'
import { personAtForms } from '../test/support/person-at-forms.ts'
import { type externalServicesAt, fixedAnswer } from '../test/support/platform.ts'
import { changeFields, personFields, phoneProof } from '../test/support/recovering.ts'

export type Kind = 'somebody' | 'nobody'
/** Records the milliseconds of one request. */
export type Note = (what: string, ms: number) => void

type Platform = ReturnType<typeof externalServicesAt> & { readonly issuer: string }

/** Presses every button of both recoveries and of 更换手机号 without access to the account's phone. */
export function recoveryWalks(platform: Platform) {
  return async (person: SamplePerson, note: Note): Promise<void> => {
    await findUsername(platform, person, note)
    await resetPassword(platform, person, note)
  }
}

async function findUsername({ issuer }: Platform, person: SamplePerson, note: Note) {
  const { at, as } = timed('找回用户名', note)
  as('start')
  const identity = await at.open(`${issuer}/recover/username`)
  as('验证身份, 下一步')
  const code = await at.send(identity, personFields(person))
  as('发送短信验证')
  await at.send(code, {}, 'send')
  as('下一步 with a wrong code')
  await at.send(code, { smsCode: '000000' })
  as('手机号已停用？')
  await at.send(code, {}, 'otherPhone')
}

async function resetPassword(platform: Platform, person: SamplePerson, note: Note) {
  const { at, as } = timed('找回密码', note)
  as('start')
  const start = await at.open(`${platform.issuer}/recover/password`)
  as('输入用户名, 下一步')
  const method = await at.send(start, { username: person.username, captcha: fixedAnswer })
  as('密保问题')
  await at.send(method, {}, 'questions')
  as('证件号码+手机验证码')
  const proof = await at.send(method, {})
  const own = { ...phoneProof(person), phone: `139${digits(8)}` }
  as('发送短信验证')
  await at.send(proof, own, 'send')
  const smsCode = await platform.codeFor(own.phone)
  as('下一步 with a wrong code')
  await at.send(proof, { ...own, smsCode: smsCode === '000000' ? '000001' : '000000' })
  as('下一步 with a right one')
  await at.send(proof, { ...own, smsCode })
  as('手机号已停用？')
  const details = await at.send(proof, own, 'otherPhone')
  const change = { ...changeFields(person), phone: `139${digits(8)}` }
  as('更换手机号, 发送短信验证')
  await at.send(details, change, 'send')
  const changeCode = await platform.codeFor(change.phone)
  as('更换手机号, 提交')
  await at.send(details, { ...change, smsCode: changeCode })
}

/** A person whose every request, redirects included, is recorded under the current step (`as`). */
function timed(flow: string, note: Note) {
  const browser = cookieBrowser()
  let doing = ''
  const at = personAtForms({
    ...browser,
    async visit(address, _until, init) {
      const path = [new URL(address)]
      for (let hop = init; ; hop = undefined) {
        const begun = performance.now()
        const response = await browser.request(String(path.at(-1)), hop)
        const text = await response.text()
        const method = hop?.method ?? 'GET'
        note(`${flow}: ${doing} (${method} ${path.length})`, performance.now() - begun)
        const location = response.headers.get('location')
        if (!location) return { response, text, path }
        path.push(new URL(location, path.at(-1)))
      }
    },
  })
  const as = (what: string) => {
    doing = what
  }
  return { at, as }
}
