import type { Interaction, KoaContextWithOIDC } from 'oidc-provider'
import type { Locale } from '../../../config/sentences.ts'

/** The address of an interaction, in the language that the request asks for. */
export function interactionAddress({ oidc }: KoaContextWithOIDC, { uid }: Interaction): string {
  const lang = localeOf(oidc.params?.['ui_locales'])
  return `/interaction/${uid}${lang ? `?lang=${lang}` : ''}`
}

/** The first supported language of `ui_locales` (BCP 47, in order of preference). */
export function localeOf(wanted: unknown): Locale | undefined {
  const tags = typeof wanted === 'string' ? wanted.toLowerCase().split(' ') : []
  const spoken = tags.map((tag) => tag.split('-')[0]).find((tag) => tag === 'zh' || tag === 'en')
  return spoken && (spoken === 'zh' ? 'zh-CN' : 'en')
}
