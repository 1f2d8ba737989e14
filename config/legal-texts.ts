import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import * as z from 'zod'
import { BadEnvironment } from './environment/bad-environment.ts'
import type { Environment } from './environment/settings.ts'

/** A text that people agree to, in Markdown, and the version in its front matter. */
export type LegalText = { readonly version: string; readonly markdown: string }

/** 用户协议 and 隐私政策. */
export type LegalTexts = { readonly terms: LegalText; readonly privacy: LegalText }

type Files = Partial<Pick<Environment, 'TERMS_FILE' | 'PRIVACY_FILE'>>

const frontMatter = z.object({
  version: z
    .union([z.string(), z.number()])
    .transform(String)
    .pipe(z.string().regex(/^[\w.-]{1,32}$/)),
})

/** Reads both texts at start. Throws `BadEnvironment` with the problems of both. */
export function readLegalTexts(files: Files): LegalTexts {
  const problems: string[] = []
  const read = (name: keyof Files) => {
    const text = textIn(files[name])
    if (typeof text !== 'string') return text
    problems.push(`${name}: ${text}`)
    return undefined
  }
  const [terms, privacy] = [read('TERMS_FILE'), read('PRIVACY_FILE')]
  if (!terms || !privacy) throw new BadEnvironment(problems)
  return { terms, privacy }
}

/** The text of a file, or the problem with it. */
function textIn(file: string | undefined): LegalText | string {
  if (!file) return 'is missing'
  let content: string
  try {
    content = readFileSync(file, 'utf8')
  } catch {
    return `can't be read (${file})`
  }
  const [, head = '', body = ''] = /^\uFEFF?---\r?\n(.*?)\r?\n---\r?\n(.*)$/s.exec(content) ?? []
  const version = versionIn(head)
  if (version === undefined)
    return `must begin with front matter that has a version of letters, digits, - and . (${file})`
  return body.trim() ? { version, markdown: body } : `has no text (${file})`
}

function versionIn(yaml: string): string | undefined {
  try {
    return frontMatter.safeParse(parse(yaml)).data?.version
  } catch {
    return undefined
  }
}
