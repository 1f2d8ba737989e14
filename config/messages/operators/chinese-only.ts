import type { Sentence } from '../../sentences.ts'

/** The console is Chinese: each text stands for every language. */
export const chineseOnly = <const Code extends string>(
  texts: Readonly<Record<Code, string>>,
): Readonly<Record<Code, Sentence>> =>
  Object.fromEntries(
    Object.entries<string>(texts).map(([code, text]) => [code, { 'zh-CN': text, en: text }]),
  ) as Record<Code, Sentence>
