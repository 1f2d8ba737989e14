export const locales = ['zh-CN', 'en'] as const
export type Locale = (typeof locales)[number]

/** One sentence in every language; `{name}` is filled in from the parameters. */
export type Sentence = Readonly<Record<Locale, string>>
