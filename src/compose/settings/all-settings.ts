import { readBanks } from '../../../config/banks.ts'
import { BadEnvironment } from '../../../config/environment/bad-environment.ts'
import { readEnvironment, readSettings } from '../../../config/environment/read-environment.ts'
import type { Environment } from '../../../config/environment/settings.ts'
import { readLegalTexts } from '../../../config/legal-texts.ts'
import { readClientFiles } from '../../sso/clients/client-files.ts'
import { readBrandLogo } from './brand-logo.ts'

const fileSettings = ['CLIENTS_FILE', 'SANDBOX_CLIENTS_FILE', 'BANKS_FILE', 'BRAND_LOGO'] as const

/** Reads the environment and the files that it names. Throws `BadEnvironment` with the problems of all of them. */
export function readAllSettings(source: Record<string, string | undefined>): Environment {
  const named = readSettings(source, fileSettings)
  const readers = [
    () => readEnvironment(source),
    // NODE_ENV and ISSUER as they are: `readEnvironment` reports their problems.
    () => readClientFiles({ ...named, NODE_ENV: source['NODE_ENV'], ISSUER: source['ISSUER'] }),
    () => readBanks(named.BANKS_FILE),
    () => readLegalTexts(source),
    () => readBrandLogo(named.BRAND_LOGO),
  ]
  const problems = readers.flatMap(settingProblemsOf)
  if (problems.length) throw new BadEnvironment([...new Set(problems)])
  return readEnvironment(source)
}

function settingProblemsOf(read: () => unknown): readonly string[] {
  try {
    read()
    return []
  } catch (error) {
    if (error instanceof BadEnvironment) return error.problems
    throw error
  }
}
