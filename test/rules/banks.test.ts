import { parseBanks, readBanks } from '../../config/banks.ts'
import { BadEnvironment } from '../../config/env.ts'

test('the banks of the guide, in its order', () => {
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

const problemsOf = (text: string): readonly string[] => {
  try {
    parseBanks(text)
    return []
  } catch (error) {
    if (!(error instanceof BadEnvironment)) throw error
    return error.problems
  }
}

test('what is wrong is told by bank, all at once', () => {
  const text = `
    - {name: 甲银行, debit: [12, 621700], credits: []}
    - {debit: [abc]}
    - {name: 乙 银行}`
  expect(problemsOf(text)).toEqual([
    expect.stringMatching(/^甲银行: debit: 0: must be a prefix/),
    expect.stringMatching(/^甲银行: .*credits/),
    expect.stringMatching(/^entry 2: name: /),
    expect.stringMatching(/^entry 2: debit: 0: must be a prefix/),
    expect.stringMatching(/^乙 银行: name: must be the name/),
  ])
})

test('a prefix has one owner and one kind', () => {
  const text = `
    - {name: 甲银行, debit: [621700], credit: [621700]}
    - {name: 乙银行, socialSecurity: [621700]}
    - {name: 甲银行}`
  expect(problemsOf(text)).toEqual([
    '甲银行: 621700 stands at 甲银行 already',
    '乙银行: 621700 stands at 甲银行 already',
    '甲银行: 甲银行 stands at 甲银行 already',
  ])
})

test.each(['', '[]', 'banks', '{', '- 1', '- null', '- [1]'])('%j is no list of banks', (text) => {
  expect(problemsOf(text)).toHaveLength(1)
})

test('prefixes stand in a list, with spaces between them, or alone', () => {
  expect(
    parseBanks('[{name: 甲银行, debit: [1234, 5678], credit: 4321 8765, socialSecurity: 999}]'),
  ).toEqual([
    { name: '甲银行', debit: ['1234', '5678'], credit: ['4321', '8765'], socialSecurity: ['999'] },
  ])
})

test('JSON will do, and prefixes may be left out', () => {
  expect(parseBanks('[{"name":"甲银行"}]')).toEqual([
    { name: '甲银行', debit: [], socialSecurity: [], credit: [] },
  ])
})

test('each of the twelve has a name for English pages', () => {
  expect(readBanks().filter(({ english }) => !english)).toEqual([])
})

test('a list that can not be read is a problem with a name', () => {
  expect(() => readBanks('/nowhere/banks.yaml')).toThrow("BANKS_FILE: can't be read")
})
