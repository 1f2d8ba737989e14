import type { Page } from 'playwright-core'

/** The longest realistic value of each field, by the field's name. */
const longest: Readonly<Record<string, string>> = {
  account: '6217000010000000007',
  idNumber: '440300199003071233',
  legalRepresentativeIdNumber: '440300199003071233',
  birthdate: '1990-12-31',
  phone: '13800000000',
  smsCode: '888888',
  captcha: 'WWWWWW',
  username: 'zhangxiaoming',
  name: '阿卜杜热依木·买买提',
  legalRepresentative: '阿卜杜热依木·买买提',
}

/** Returns the fields that cut off a long value or one of their options, a line each. */
export async function cutOffFields(page: Page): Promise<readonly string[]> {
  for (const [name, value] of Object.entries(longest))
    for (const input of await page.locator(`input[name=${name}]:not([readonly])`).all()) {
      await input.fill('')
      await input.pressSequentially(value)
    }
  return page.evaluate(() => {
    const seen = 'input:not([type=hidden], [type=radio], [type=checkbox], [type=password]), select'
    const cut: string[] = []
    for (const field of document.querySelectorAll<HTMLInputElement | HTMLSelectElement>(seen)) {
      const choices = field instanceof HTMLSelectElement ? [...field.options] : [undefined]
      for (const choice of choices) {
        if (choice) choice.selected = true
        const { scrollWidth, clientWidth, scrollHeight, clientHeight } = field
        // `scrollWidth` does not show what a single-line select cuts off.
        const isOneLine = choice && getComputedStyle(field).textWrapMode !== 'wrap'
        if (scrollWidth > clientWidth || scrollHeight > clientHeight || isOneLine)
          cut.push(`${field.name}: ${choice?.text ?? field.value}`)
      }
    }
    return cut
  })
}
