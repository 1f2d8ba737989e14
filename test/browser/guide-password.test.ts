import { enrolled, setQuestions, threeAnswers } from '../support/enrolled.ts'
import { chinese } from '../support/expect-refusal.ts'
import { guide, type Reader } from '../support/guide-reader.ts'
import { digits, type SamplePerson } from '../support/people.ts'
import { fixedAnswer } from '../support/platform.ts'
import { messagesOf } from '../support/recovering.ts'

const describeGuide = guide()

/** Goes from the login page to 选择找回方式. */
async function toMethod({ toLogin, follow, fill, press, page }: Reader, person: SamplePerson) {
  await toLogin()
  await follow('忘记密码？')
  await page.getByRole('heading', { level: 1, name: '输入用户名' }).waitFor()
  await fill({ 用户名: person.username, 验证码: fixedAnswer })
  await press('下一步')
}

/** The guide, section 二, part 四. Each test title is a sentence of the guide. */
describeGuide('（四）找回密码', (reader, platform) => {
  let person: SamplePerson
  beforeAll(async () => {
    person = await enrolled(platform())
  })
  const fresh = 'a brand new passphrase'

  test('在登录页面点“忘记密码？”，进入找回密码页面。', async () => {
    const { toLogin, sees, follow, page } = reader()
    await toLogin()
    await follow('忘记密码？')
    await sees('输入用户名')
    expect(page.url()).toMatch(/\/recover\/password\/[\w-]+\/username$/)
  })

  test('流程：输入用户名→选择找回方式→验证身份→重置密码→重置成功', async () => {
    expect(await reader().steps()).toEqual({
      names: ['输入用户名', '选择找回方式', '验证身份', '重置密码', '重置成功'],
      current: '输入用户名',
    })
  })

  test('1.输入用户名：输入用户名和验证码，点“下一步”进入选择找回方式页面。', async () => {
    const { fill, press, sees, steps } = reader()
    await press('下一步')
    await sees('输入用户名')
    await fill({ 用户名: person.username, 验证码: fixedAnswer })
    await press('下一步')
    await sees('选择找回方式')
    expect((await steps()).current).toBe('选择找回方式')
  })

  test('2.选择找回方式：点击“证件号码+手机验证码”或“密保问题”，进入验证身份页面。', async () => {
    const { press, sees, steps, page } = reader()
    expect(await page.getByRole('button', { name: '密保问题', exact: true }).count()).toBe(1)
    await press('证件号码+手机验证码')
    await sees('验证身份')
    expect((await steps()).current).toBe('验证身份')
  })

  test('说明：手机号码必须为注册时填写的手机号码，若填写其他号码，虽能接收短信验证码，但点击“下一步”时无法通过验证', async () => {
    const { choose, fill, press, sees, text, page } = reader()
    const other = { ...person, phone: `13${digits(9)}` }
    await choose('证件类型', '居民身份证')
    await fill({ 证件号: person.idNumber, 手机号码: other.phone })
    await press('发送短信验证')
    await page.getByRole('status').waitFor()
    const [message] = await messagesOf(platform(), other, 1)
    await fill({ 动态验证: message.params.code })
    await press('下一步')
    await sees('验证身份')
    expect(await text()).toContain('证件号或手机号码与注册信息不一致')
  })

  test('3.验证身份：（1）证件号码+手机验证码：选择证件类型，输入证件号、手机号码，点击“发送短信验证”，输入获取的动态验证码后点击“下一步”进入重置密码界面。', async () => {
    const { choose, fill, press, sees, page } = reader()
    await choose('证件类型', '居民身份证')
    await fill({ 证件号: person.idNumber, 手机号码: person.phone })
    await press('发送短信验证')
    const masked = `${person.phone.slice(0, 3)}****${person.phone.slice(-4)}`
    await page.getByText(`短信已发送至 ${masked}`).waitFor()
    await sees('验证身份')
    const [message] = await messagesOf(platform(), person, 1)
    await fill({ 动态验证: message.params.code })
    await press('下一步')
    await sees('重置密码')
  })

  test('4.重置密码：用户名（默认），依次输入新密码、确认新密码，两个密码校验一致后，点击“下一步”，密码重置成功。', async () => {
    const { fill, press, sees, text, follow, page } = reader()
    const username = page.getByLabel('用户名', { exact: true })
    expect(await username.inputValue()).toBe(person.username)
    expect(await username.isEditable()).toBe(false)
    await fill({ 新密码: fresh, 确认新密码: `${fresh}!` })
    await press('下一步')
    await sees('重置密码')
    expect(await text()).toContain('两次输入的密码不一致，请重新输入')
    await fill({ 新密码: fresh, 确认新密码: fresh })
    await press('下一步')
    await sees('重置成功')
    await follow('返回登录')
    await sees('登录')
    await fill({ 用户名: person.username, 密码: fresh, 验证码: fixedAnswer })
    await press('登录')
    await page.waitForURL(`${platform().exam.url}/**`)
    expect(await text()).toContain(person.name)
  })
})

/** This part needs a new browser in which nobody is signed in. */
describeGuide('（四）找回密码，（2）', (reader, platform) => {
  let person: SamplePerson
  beforeAll(async () => {
    person = await enrolled(platform())
  })

  test('说明：选择密保问题时，若未设置密保问题，则提示“未设置密保，不能通过密保问题找回密码”。', async () => {
    const { press, sees, text } = reader()
    await toMethod(reader(), person)
    await press('密保问题')
    await sees('选择找回方式')
    expect(await text()).toContain('未设置密保，不能通过密保问题找回密码')
  })

  test('（2）密保问题：依次输入3个密保问题的预留答案后，点击“下一步”进入重置密码界面。', async () => {
    await setQuestions(platform(), person)
    const { press, fill, sees, text } = reader()
    await press('密保问题')
    await sees('验证身份')
    const questions = Object.keys(threeAnswers) as (keyof typeof threeAnswers)[]
    const labelled = (answer: (code: keyof typeof threeAnswers) => string) =>
      Object.fromEntries(questions.map((code) => [chinese(`question.${code}`), answer(code)]))
    await fill(labelled(() => '别的答案'))
    await press('下一步')
    await sees('验证身份')
    expect(await text()).toContain('答案不正确，请核对 3 个答案后重新输入')
    await fill(labelled((code) => threeAnswers[code]))
    await press('下一步')
    await sees('重置密码')
  })
})
