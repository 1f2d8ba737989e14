import { contactLinks } from '../../src/web/page/contact-links.ts'

const linked = contactLinks('(0755)12333，(0755)88100099')
const link = (href: string, text: string) => `<a class="contact" href="${href}">${text}</a>`

test.each([
  ['请致电12333', `请致电${link('tel:12333', '12333')}`],
  ['电话：0755-88100099。', `电话：${link('tel:075588100099', '0755-88100099')}。`],
  [
    '(0755)12333，(0755)88100099',
    `${link('tel:075512333', '(0755)12333')}，${link('tel:075588100099', '(0755)88100099')}`,
  ],
  [
    'Write to ksykwb@hrss.sz.gov.cn.',
    `Write to ${link('mailto:ksykwb@hrss.sz.gov.cn', 'ksykwb@hrss.sz.gov.cn')}.`,
  ],
])('contacts in %j become links', (sentence, html) => {
  expect(linked(sentence)).toBe(html)
})

test('the number in CONTACT_PHONE becomes a link in whatever notation it is written', () => {
  expect(contactLinks('+86 755 2500 1000 (office)')('Call +86 755 2500 1000 (office) now')).toBe(
    `Call ${link('tel:+8675525001000', '+86 755 2500 1000 (office)')} now`,
  )
})

test.each([
  '短信已发送至 138****0001，5 分钟内有效',
  '短信已发送至 13800000001',
  '证件号 440300199003071233',
  '银行账号 6214831233300001',
])('%j contains no contact of the office and stays as it is', (sentence) => {
  expect(linked(sentence)).toBe(sentence)
})

test('the rest of the sentence is escaped', () => {
  expect(linked('<b onclick="x">&</b> 12333 <i>')).toBe(
    `&lt;b onclick=&quot;x&quot;&gt;&amp;&lt;/b&gt; ${link('tel:12333', '12333')} &lt;i&gt;`,
  )
  expect(linked('a@b.c"><script>')).toBe(`${link('mailto:a@b.c', 'a@b.c')}&quot;&gt;&lt;script&gt;`)
})
