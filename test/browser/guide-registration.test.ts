import { guide } from '../support/guide-reader.ts'
import { samplePerson } from '../support/people.ts'
import { fixedAnswer } from '../support/platform.ts'

const describeGuide = guide()

/** The guide, section 二, part 一, with questions 七 and 八. Each test title is a sentence of the guide. */
describeGuide('（一）用户注册', (reader, platform) => {
  // The name has a rare character outside the BMP and a middle dot.
  const person = samplePerson({ name: '𠮷丽·买买提' })
  const other = samplePerson()
  let smsCode = ''
  const sentCode = async () => {
    const { press, page } = reader()
    await press('发送短信验证')
    await page.getByRole('status').waitFor()
    return platform().codeFor(person.phone)
  }
  const credentials = (username: string) => ({
    用户名: username,
    密码: person.password,
    确认密码: person.password,
    验证码: fixedAnswer,
  })
  const identity = async () => {
    const { fill, choose, check, press } = reader()
    await fill({ 姓名: person.name, 证件号: person.idNumber, 出生日期: person.birthdate })
    await choose('证件类型', '居民身份证')
    await check('男')
    await press('下一步')
  }
  const refused = '人员姓名或证件名或证件号与银行登记不匹配'

  test('如没有统一用户平台的用户账号，请点击“立即注册”，系统将转至注册页面。', async () => {
    const { toLogin, follow, sees } = reader()
    await toLogin()
    await follow('立即注册')
    await sees('填写登录信息')
  })

  test('流程：填写登录信息→填写身份信息→填写验证信息→注册成功。', async () => {
    expect(await reader().steps()).toEqual({
      names: ['填写登录信息', '填写身份信息', '填写验证信息', '注册成功'],
      current: '填写登录信息',
    })
  })

  test('1.填写登录信息：输入用户名、密码、确认密码、验证码，点“下一步”进入填写身份信息页面。', async () => {
    const { check, fill, press, sees, steps } = reader()
    await fill(credentials(person.username))
    await check('我已阅读并同意用户协议和隐私政策')
    await press('下一步')
    await sees('填写身份信息')
    expect((await steps()).current).toBe('填写身份信息')
  })

  test('2.填写身份信息：输入姓名、证件类型、证件号、性别、出生日期, 点“下一步”进入填写验证信息页面。', async () => {
    await identity()
    await reader().sees('填写验证信息')
  })

  test('七：注册时系统提示“人员姓名或证件名或证件号与银行登记不匹配”该怎么办？', async () => {
    await platform().issueCard({ ...person, phone: other.phone })
    const { fill, choose, check, press, sees, page } = reader()
    await choose('银行', person.bank)
    await check('我同意将银行账号仅用于核验身份')
    await fill({ 银行账号: person.account, 手机号码: person.phone })
    smsCode = await sentCode()
    await fill({ 短信验证码: smsCode })
    await press('下一步')
    await page.getByText(refused).first().waitFor()
    await sees('填写验证信息')
    const help = await page.locator('main ol li:not(nav li)').allTextContents()
    expect(help).toEqual([
      expect.stringContaining('核对'),
      expect.stringContaining('更换银行卡'),
      expect.stringContaining('发卡行窗口'),
      expect.stringMatching(/88100099.*ksykwb@hrss\.sz\.gov\.cn.*受理编号 [\w]{4}-[\w]{4}/s),
    ])
  })

  test('3.填写验证信息：下拉菜单选择银行，接着输入银行账号和手机号码，点击“发送短信验证”，然后输入收到的验证码，点“下一步”。', async () => {
    // 七3: the bank has corrected its record. The same code is still valid.
    await platform().issueCard(person)
    const { fill, press } = reader()
    await fill({ 短信验证码: smsCode })
    await press('下一步')
  })

  test('4.注册成功：系统提示注册成功后，请关闭注册页面。', async () => {
    const { sees, text, steps } = reader()
    await sees('注册成功')
    expect((await steps()).current).toBe('注册成功')
    expect(await text()).toContain('可以关闭本页面')
  })

  test('5.返回考生服务系统登录页面，使用注册成功的用户名和密码登录系统。八：姓名中的生僻字与银行留存信息一致。', async () => {
    const { follow, fill, press, sees, page } = reader()
    await follow('返回业务系统登录')
    await sees('登录')
    await fill({ 用户名: person.username, 密码: person.password, 验证码: fixedAnswer })
    await press('登录')
    await page.getByRole('heading', { level: 1, name: '您已登录', exact: true }).waitFor()
    expect(await page.getByRole('main').textContent()).toContain(person.name)
  })

  test('说明：若已在该平台注册过，则证件号栏会提示“证件已被使用”。若忘记用户名，请……点击“忘记用户名？”', async () => {
    const { fill, press, sees, follow, page } = reader()
    await page.context().clearCookies()
    await page.goto(`${platform().issuer}/register`)
    await fill(credentials(other.username))
    await reader().check('我已阅读并同意用户协议和隐私政策')
    await press('下一步')
    await sees('填写身份信息')
    await identity()
    await sees('填写身份信息')
    await page.locator('#idNumber-fault').getByText('证件已被使用').waitFor()
    await follow('忘记用户名？')
    await sees('验证身份')
  })
})
