import { enrolled } from '../support/enrolled.ts'
import { guide } from '../support/guide-reader.ts'
import { standaloneDigits } from '../support/leak-search.ts'
import type { SamplePerson } from '../support/people.ts'
import { fixedAnswer } from '../support/platform.ts'
import { messagesOf } from '../support/recovering.ts'

const describeGuide = guide()

/** The guide, section 二, part 三. Each test title is a sentence of the guide. */
describeGuide('（三） 找回用户名', (reader, platform) => {
  let person: SamplePerson
  beforeAll(async () => {
    person = await enrolled(platform())
  })

  test('在登录页面点击“忘记用户名？”，进入找回用户名页面。', async () => {
    const { toLogin, sees, follow, page } = reader()
    await toLogin()
    await sees('登录')
    await follow('忘记用户名？')
    await sees('验证身份')
    expect(page.url()).toMatch(/\/recover\/username\/[\w-]+\/identity$/)
    expect(await page.locator('header').textContent()).toContain('来自：考生服务系统')
  })

  test('流程：验证身份→验证手机校验码→找回用户名成功', async () => {
    expect(await reader().steps()).toEqual({
      names: ['验证身份', '验证手机校验码', '找回用户名成功'],
      current: '验证身份',
    })
  })

  test('1.验证身份：输入姓名、用户类型（分个人用户和单位用户）、证件类型、证件号、验证码，点击“下一步”。', async () => {
    const { fill, check, choose, press, sees, text, page } = reader()
    await press('下一步')
    await sees('验证身份')
    expect(await page.title()).toMatch(/^错误：/)
    expect(await text()).toContain('单位用户请填写单位名称')
    await fill({ 姓名: person.name })
    await check('单位用户')
    await check('个人用户')
    await choose('证件类型', '居民身份证')
    await fill({ 证件号: person.idNumber, 验证码: fixedAnswer })
    await press('下一步')
    await sees('验证手机校验码')
  })

  test('2.验证手机校验码：点击“发送短信验证”，在“动态验证”栏中输入收到的验证码，点击“下一步”。', async () => {
    const { fill, press, sees, steps, text, page } = reader()
    expect((await steps()).current).toBe('验证手机校验码')
    expect(await text()).toContain('未收到？请核对姓名和证件号，或点击“手机号已停用？”')
    await press('发送短信验证')
    await page.getByRole('status').waitFor()
    await sees('验证手机校验码')
    expect(await page.content()).not.toMatch(standaloneDigits(person.phone.slice(-4)))
    const [message] = await messagesOf(platform(), person, 1)
    await fill({ 动态验证: message.params.code })
    await press('下一步')
  })

  test('3.验证通过后，查看手机短信便可找回用户名。', async () => {
    const { sees, steps, page, follow } = reader()
    await sees('找回用户名成功')
    expect((await steps()).current).toBe('找回用户名成功')
    expect(await page.content()).not.toContain(person.username)
    const [newest] = await messagesOf(platform(), person, 2)
    expect(newest.text).toBe(
      `【统一用户平台】您的用户名是${person.username}，如非本人操作请致电12333`,
    )
    await follow('返回登录')
    await sees('登录')
  })

  test('说明：接收短信验证码的手机号码为注册时填写的手机号码。', async () => {
    const [newest] = await messagesOf(platform(), person, 2)
    expect(newest.phone).toBe(person.phone)
    const { toLogin, follow, text, page } = reader()
    await toLogin()
    await follow('忘记用户名？')
    await page.getByRole('heading', { name: '验证身份' }).waitFor()
    expect(await text()).toContain('用户名将以短信发送至注册时填写的手机号码')
  })
})
