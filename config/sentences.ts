export const locales = ['zh-CN', 'en'] as const
export type Locale = (typeof locales)[number]

/** A message in every language. The parameters replace placeholders like `{name}`. */
export type Sentence = Readonly<Record<Locale, string>>
