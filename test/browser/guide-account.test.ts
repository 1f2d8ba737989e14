import { enrolled } from '../support/enrolled.ts'
import { guide } from '../support/guide-reader.ts'
import { cardNumber, type SamplePerson, samplePerson } from '../support/people.ts'
import { untilNoticeOn } from '../support/phone-notices.ts'
import { fixedAnswer } from '../support/platform.ts'

const describeGuide = guide()

/** The guide, section 二, part 二, and question 九. Each test title is a sentence of the guide. */
describeGuide('（二）用户信息维护', (reader, platform) => {
  let person: SamplePerson
  let atBank: SamplePerson
  beforeAll(async () => {
    person = await enrolled(platform())
    atBank = {
      ...person,
      ...{ name: '林·大满', bank: '平安银行', account: cardNumber('623058') },
      phone: samplePerson().phone,
    }
  })

  test('1.在考生服务系统登录页面，点击“用户信息维护”，将跳转至统一用户平台登录界面。', async () => {
    const { toLogin, follow, sees, page } = reader()
    await toLogin()
    await follow('用户信息维护')
    await page.getByText('正在登录：用户信息维护').waitFor()
    await sees('登录')
    expect(page.url()).toContain(platform().issuer)
  })

  test('2.考生在统一用户平台录入用户名、密码和验证码后登录。', async () => {
    const { fill, press, sees } = reader()
    await fill({ 用户名: person.username, 密码: person.password, 验证码: fixedAnswer })
    await press('登录')
    await sees('用户信息')
  })

  test('3.在“用户信息”界面，可修改注册信息（允许修改的信息包括姓名、银行、银行账号、手机号码）；', async () => {
    const { page, text } = reader()
    for (const label of ['姓名', '银行', '银行账号', '手机号码', '短信验证码'])
      expect(await page.getByLabel(label, { exact: true }).count()).toBe(1)
    expect(await text()).toContain('证件（不能修改）')
    expect(await page.getByLabel('手机号码', { exact: true }).inputValue()).toBe('')
  })

  test('九1.修改姓名。请凭相关证明先到银行申请修改，修改成功后，在考生服务系统登录页面点击“用户信息维护”进行修改。', async () => {
    const { page, fill, choose, check, press, sees } = reader()
    await fill({ 姓名: atBank.name, 银行账号: atBank.account, 手机号码: atBank.phone })
    await choose('银行', atBank.bank)
    await check('我同意将银行账号仅用于核验身份')
    await press('发送短信验证')
    await page.getByRole('status').waitFor()
    const smsCode = await platform().codeFor(atBank.phone)
    await fill({ 短信验证码: smsCode })
    await press('保存')
    await page.getByText('人员姓名或证件名或证件号与银行登记不匹配').first().waitFor()
    await sees('用户信息')
    await platform().issueCard(atBank)
    await fill({ 短信验证码: smsCode })
    await press('保存')
    await sees('用户信息已保存')
  })

  test('九2.修改手机号码。（1）考生须先到银行申请修改并修改成功；（2）……点击“用户信息维护”进行修改。', async () => {
    const { text } = reader()
    expect(await text()).toContain(`姓名：${atBank.name}`)
    expect(await text()).toContain(`${atBank.phone.slice(0, 3)}****${atBank.phone.slice(-4)}`)
    await untilNoticeOn(platform(), atBank.phone, 'phone-changed')
    await untilNoticeOn(platform(), person.phone, 'phone-changed-old')
  })

  test('也可切换到“密码管理”', async () => {
    const { fill, follow, press, sees } = reader()
    await follow('密码管理')
    await sees('密码管理')
    await press('保存')
    await sees('密码管理')
    const password = 'another staple 4711'
    await fill({ 原密码: person.password, 新密码: password, 确认新密码: password })
    await press('保存')
    await sees('密码已修改')
    person = { ...person, password }
  })

  test('或“密保工具”栏分别进行密码管理或密保问题设置。', async () => {
    const { fill, choose, follow, press, sees } = reader()
    await follow('密保工具')
    await sees('密保工具')
    await choose('问题1', '您小学一年级的班主任叫什么？')
    await choose('问题2', '小时候家里人怎么叫您？')
    await choose('问题3', '您养的第一只宠物叫什么？')
    await fill({ 原密码: person.password, 答案1: '王老师', 答案2: '满满', 答案3: '阿黄' })
    await press('保存')
    await sees('密保问题已设置')
  })

  test('the other tabs, the download and 注销账户 work too', async () => {
    const { fill, follow, press, sees, page } = reader()
    for (const tab of ['登录与设备', '授权管理', '登录记录', '我的数据']) {
      await follow(tab)
      await sees(tab)
    }
    await fill({ 密码: person.password })
    for (let times = 0; times < 2; times += 1) {
      const file = page.waitForEvent('download')
      await press('下载全部数据（JSON）')
      expect((await file).suggestedFilename()).toBe('my-data.json')
    }
    await follow('注销账户')
    await sees('注销账户')
    await press('发送短信验证')
    await page.getByRole('status').waitFor()
    await fill({ 密码: person.password, 短信验证码: await platform().codeFor(atBank.phone) })
    await press('注销账户')
    await sees('已申请注销')
    await page.goto(`${platform().issuer}/account`)
    await fill({ 用户名: person.username, 密码: person.password, 验证码: fixedAnswer })
    await press('登录')
    await sees('注销已取消')
    await follow('继续')
    await sees('用户信息')
  })
})
