import { readFileSync } from 'node:fs'
import { adminProblems } from './admin-settings.ts'
import { BadEnvironment } from './bad-environment.ts'
import { isProduction, productionProblems } from './production.ts'
import { missingProviderSettings, plainKmsProblems } from './provider-settings.ts'
import { type Environment, settings } from './settings.ts'
import { weakSettingProblems } from './weak-settings.ts'

/** Reads the environment. `NAME_FILE`, the path of a mounted secret, may replace `NAME`. Throws `BadEnvironment`. */
export function readEnvironment(source: Record<string, string | undefined>): Environment {
  const problems: string[] = []
  const given = withSecretFiles(source, problems)
  const parsed = settings.safeParse(given)
  const unread = [...problems]
  for (const issue of parsed.error?.issues ?? []) {
    const name = String(issue.path[0])
    if (unread.some((problem) => problem.startsWith(`${name}_FILE:`))) continue
    problems.push(`${name}: ${given[name] === undefined ? 'is missing' : issue.message}`)
  }
  problems.push(...missingProviderSettings(given), ...adminProblems(given))
  if (given['CLIENT_CERTIFICATE_HEADER'] && !(Number(given['TRUST_PROXY']) > 0))
    problems.push('CLIENT_CERTIFICATE_HEADER: needs TRUST_PROXY, for only a proxy can set it')
  for (const name of ['CLIENT_CERTIFICATE_VERIFIED_HEADER', 'CLIENT_CERTIFICATE_ORIGIN'])
    if (given[name] && !given['CLIENT_CERTIFICATE_HEADER'])
      problems.push(`CLIENT_CERTIFICATE_HEADER: is missing (${name} needs it)`)
  if (isProduction(given)) problems.push(...productionProblems(given, parsed.data))
  if (!parsed.success || problems.length) throw new BadEnvironment([...new Set(problems)])
  return parsed.data
}

/** Reads only the named settings, for a command that needs no others. Throws `BadEnvironment`. */
export function readSettings<N extends keyof Environment>(
  source: Record<string, string | undefined>,
  names: readonly N[],
): Pick<Environment, N> {
  const problems: string[] = []
  const given = withSecretFiles(source, problems, names)
  const read = names.map((name) => {
    const { data, error } = settings.shape[name].safeParse(given[name])
    for (const { message } of error?.issues ?? [])
      problems.push(`${name}: ${given[name] === undefined ? 'is missing' : message}`)
    return [name, data]
  })
  if (isProduction(given)) problems.push(...weakSettingProblems(given), ...plainKmsProblems(given))
  if (problems.length) throw new BadEnvironment(problems)
  return Object.fromEntries(read)
}

function withSecretFiles(
  source: Record<string, string | undefined>,
  problems: string[],
  names: readonly string[] = Object.keys(settings.shape),
): Record<string, string | undefined> {
  const given: Record<string, string | undefined> = {}
  for (const [name, value] of Object.entries(source)) if (value !== '') given[name] = value
  for (const name of names) {
    const file = given[`${name}_FILE`]
    if (!file || ['CLIENTS', 'SANDBOX_CLIENTS', 'BANKS'].includes(name)) continue
    try {
      given[name] = readFileSync(file, 'utf8').trim()
    } catch {
      problems.push(`${name}_FILE: can't be read (${file})`)
    }
  }
  return given
}
