import { enrolled } from '../support/enrolled.ts'
import { guide, type Reader } from '../support/guide-reader.ts'
import { digits, type SamplePerson } from '../support/people.ts'
import { fixedAnswer } from '../support/platform.ts'
import { messagesOf } from '../support/recovering.ts'

const describeGuide = guide()

/**
 * Goes through 更换手机号 from the page with 手机号已停用？ to 更换成功. `messages` is the number of messages that the
 * new phone has received by then.
 */
async function changePhone(
  { press, sees, text, fill, choose, check, page }: Reader,
  platform: Parameters<typeof messagesOf>[0],
  now: SamplePerson,
  messages: number,
) {
  await press('手机号已停用？')
  await sees('填写信息')
  expect(await text()).toContain('请先到银行修改预留手机号码')
  await press('提交')
  await sees('填写信息')
  await fill({ 姓名: now.name, 证件号: now.idNumber })
  await choose('证件类型', '居民身份证')
  await choose('银行', now.bank)
  await check('我同意将银行账号仅用于核验身份')
  await fill({ 银行账号: now.account, 新手机号码: now.phone })
  await press('发送短信验证')
  await page.getByRole('status').waitFor()
  const [message] = await messagesOf(platform, now, messages)
  await fill({ 短信验证码: message.params.code })
  await press('提交')
  await sees('更换成功')
}

/** Goes through 找回用户名 from the login page to 验证手机校验码. */
async function identify(
  { toLogin, follow, fill, check, choose, press, sees }: Reader,
  person: SamplePerson,
) {
  await toLogin()
  await follow('忘记用户名？')
  await sees('验证身份')
  await fill({ 姓名: person.name })
  await check('个人用户')
  await choose('证件类型', '居民身份证')
  await fill({ 证件号: person.idNumber, 验证码: fixedAnswer })
  await press('下一步')
  await sees('验证手机校验码')
}

/** Goes through 找回密码 from the login page to 验证身份 by 证件号码+手机验证码. */
async function toPhoneProof({ follow, fill, press, sees }: Reader, username: string) {
  await follow('忘记密码？')
  await sees('输入用户名')
  await fill({ 用户名: username, 验证码: fixedAnswer })
  await press('下一步')
  await press('证件号码+手机验证码')
  await sees('验证身份')
}

/** The guide, question 十. Each test title is a sentence of the guide. */
describeGuide('（十）忘了用户名或密码且注册时填写的手机号码又停用', (reader, platform) => {
  let before: SamplePerson
  let now: SamplePerson
  beforeAll(async () => {
    before = await enrolled(platform())
    now = { ...before, phone: `13${digits(9)}` }
  })

  test('1.须先到银行申请并完成手机号码修改。', () => platform().issueCard(now))

  test('2.忘记用户名的：（1）进入“验证手机校验码”页面后，点击“手机号已停用？”，进入更换手机号页面，根据提示填写信息并提交后完成手机号更换', async () => {
    await identify(reader(), now)
    await changePhone(reader(), platform(), now, 1)
    const [old] = await messagesOf(platform(), before, 1)
    expect(old.template).toBe('phone-changed-old')
  })

  test('（2）返回考生服务系统登录页面点击“忘记用户名？”，根据页面上方的流程，填写所需信息，完成手机校验码验证即可找回用户名。', async () => {
    const { press, sees, fill, page } = reader()
    await identify(reader(), now)
    await press('发送短信验证')
    await page.getByRole('status').waitFor()
    const [message] = await messagesOf(platform(), now, 3)
    await fill({ 动态验证: message.params.code })
    await press('下一步')
    await sees('找回用户名成功')
    const [newest] = await messagesOf(platform(), now, 4)
    expect(newest.params).toEqual({ username: before.username })
  })
})

describeGuide('（十）3.忘记密码的', (reader, platform) => {
  let before: SamplePerson
  let now: SamplePerson
  beforeAll(async () => {
    before = await enrolled(platform())
    now = { ...before, phone: `13${digits(9)}` }
    await platform().issueCard(now)
  })

  test('（1）点击“忘记密码？”，填写所需信息后，点击“手机号已停用？”，进入更换手机号页面，根据提示填写信息并提交后完成手机号更换', async () => {
    await reader().toLogin()
    await toPhoneProof(reader(), before.username)
    await changePhone(reader(), platform(), now, 1)
  })

  test('（2）返回考生服务系统登录页面点击“忘记密码？”，完成手机校验码验证及重置密码即可。', async () => {
    const { toLogin, choose, fill, press, sees, page } = reader()
    await toLogin()
    await toPhoneProof(reader(), before.username)
    await choose('证件类型', '居民身份证')
    await fill({ 证件号: now.idNumber, 手机号码: now.phone })
    await sendAfterWait(reader())
    const [message] = await messagesOf(platform(), now, 3)
    await fill({ 动态验证: message.params.code })
    await press('下一步')
    await sees('重置密码')
    await fill({ 新密码: 'a brand new passphrase', 确认新密码: 'a brand new passphrase' })
    await press('下一步')
    await sees('重置成功')
    expect(await page.getByRole('link', { name: '返回登录' }).count()).toBe(1)
  })
})

/** A person who has lost username, password and phone gets back to a sign-in. */
describeGuide('（十）全都忘了', (reader, platform) => {
  test('从零到登录考生服务系统', async () => {
    const before = await enrolled(platform())
    const now = { ...before, phone: `13${digits(9)}` }
    await platform().issueCard(now)
    const { press, follow, sees, fill, choose, check, text, page } = reader()

    await identify(reader(), now)
    await changePhone(reader(), platform(), now, 1)

    // Every last page links to the next step.
    await follow('返回找回用户名')
    await sees('验证身份')
    await fill({ 姓名: now.name, 证件号: now.idNumber, 验证码: fixedAnswer })
    await check('个人用户')
    await press('下一步')
    await press('发送短信验证')
    await page.getByRole('status').waitFor()
    const [code] = await messagesOf(platform(), now, 3)
    await fill({ 动态验证: code.params.code })
    await press('下一步')
    await sees('找回用户名成功')
    const [found] = await messagesOf(platform(), now, 4)
    await follow('返回登录')
    await sees('登录')

    await toPhoneProof(reader(), found.params.username)
    await choose('证件类型', '居民身份证')
    await fill({ 证件号: now.idNumber, 手机号码: now.phone })
    await sendAfterWait(reader())
    const [second] = await messagesOf(platform(), now, 5)
    await fill({ 动态验证: second.params.code })
    await press('下一步')
    await sees('重置密码')
    const password = 'a brand new passphrase'
    await fill({ 新密码: password, 确认新密码: password })
    await press('下一步')
    await sees('重置成功')
    await follow('返回登录')
    await sees('登录')
    await fill({ 用户名: found.params.username, 密码: password, 验证码: fixedAnswer })
    await press('登录')
    await page.waitForURL(`${platform().exam.url}/**`)
    expect(await text()).toContain(now.name)
    expect(await text()).toContain(`${now.phone.slice(0, 3)}****${now.phone.slice(-4)}`)
  })
})

/** Presses 发送短信验证, after the wait that the page shows if the phone got a message less than a minute ago. */
async function sendAfterWait({ press, text, page }: Reader) {
  for (;;) {
    await press('发送短信验证')
    await page.waitForLoadState()
    const wait = /请在 (\d+) 秒后再试/.exec(await text())?.[1]
    if (!wait) return
    await page.waitForTimeout(Number(wait) * 1000)
  }
}
