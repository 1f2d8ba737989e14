import { parseBanks, readBanks } from '../../config/banks.ts'
import { BadEnvironment } from '../../config/environment/bad-environment.ts'

test('config/banks.yaml lists the banks of the guide in its order', () => {
  expect(readBanks().map(({ name }) => name)).toEqual([
    '建设银行',
    '工商银行',
    '中国银行',
    '农业银行',
    '招商银行',
    '平安银行',
    '深圳农村商业银行',
    '邮储银行',
    '交通银行',
    '中信银行',
    '光大银行',
    '民生银行',
  ])
})

const bankListProblems = (text: string): readonly string[] => {
  try {
    parseBanks(text)
    return []
  } catch (error) {
    if (!(error instanceof BadEnvironment)) throw error
    return error.problems
  }
}

test('all problems are reported at once, each with the name of its bank', () => {
  const text = `
    - {name: 甲银行, debit: [12, 621700], credits: []}
    - {debit: [abc]}
    - {name: 乙 银行}`
  expect(bankListProblems(text)).toEqual([
    expect.stringMatching(/^甲银行: debit: 0: must be a prefix/),
    expect.stringMatching(/^甲银行: .*credits/),
    expect.stringMatching(/^entry 2: name: /),
    expect.stringMatching(/^entry 2: debit: 0: must be a prefix/),
    expect.stringMatching(/^乙 银行: name: must be the name/),
  ])
})

test('a prefix that belongs to two banks or two kinds of card is refused', () => {
  const text = `
    - {name: 甲银行, debit: [621700], credit: [621700]}
    - {name: 乙银行, socialSecurity: [621700]}
    - {name: 甲银行}`
  expect(bankListProblems(text)).toEqual([
    '甲银行: 621700 stands at 甲银行 already',
    '乙银行: 621700 stands at 甲银行 already',
    '甲银行: 甲银行 stands at 甲银行 already',
  ])
})

test.each(['', '[]', 'banks', '{', '- 1', '- null', '- [1]'])(
  '%j is refused because it is not a list of banks',
  (text) => {
    expect(bankListProblems(text)).toHaveLength(1)
  },
)

test('prefixes may be a list, a text separated by spaces, or a single number', () => {
  expect(
    parseBanks('[{name: 甲银行, debit: [1234, 5678], credit: 4321 8765, socialSecurity: 999}]'),
  ).toEqual([
    { name: '甲银行', debit: ['1234', '5678'], credit: ['4321', '8765'], socialSecurity: ['999'] },
  ])
})

test('the list may be written in JSON, and prefixes are optional', () => {
  expect(parseBanks('[{"name":"甲银行"}]')).toEqual([
    { name: '甲银行', debit: [], socialSecurity: [], credit: [] },
  ])
})

test('every bank has an English name', () => {
  expect(readBanks().filter(({ english }) => !english)).toEqual([])
})

test('an unreadable list is reported under the name of its setting', () => {
  expect(() => readBanks('/nowhere/banks.yaml')).toThrow("BANKS_FILE: can't be read")
})
