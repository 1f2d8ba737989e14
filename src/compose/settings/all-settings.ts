import { readBanks } from '../../../config/banks.ts'
import {
  BadEnvironment,
  type Environment,
  readEnvironment,
  readSettings,
} from '../../../config/env.ts'
import { readLegalTexts } from '../../../config/legal-texts.ts'
import { readClientFiles } from '../../sso/clients/client-files.ts'
import { readBrandLogo } from './brand-logo.ts'

const files = ['CLIENTS_FILE', 'SANDBOX_CLIENTS_FILE', 'BANKS_FILE', 'BRAND_LOGO'] as const

/** The environment, looked at together with the files that it names. Throws `BadEnvironment` with every problem of all. */
export function readAllSettings(source: Record<string, string | undefined>): Environment {
  const named = readSettings(source, files)
  const readers = [
    () => readEnvironment(source),
    // As it was given: what is wrong with it is for the first of these to say.
    () => readClientFiles({ ...named, NODE_ENV: source['NODE_ENV'], ISSUER: source['ISSUER'] }),
    () => readBanks(named.BANKS_FILE),
    () => readLegalTexts(source),
    () => readBrandLogo(named.BRAND_LOGO),
  ]
  const problems = readers.flatMap(problemsOf)
  if (problems.length) throw new BadEnvironment([...new Set(problems)])
  return readEnvironment(source)
}

function problemsOf(read: () => unknown): readonly string[] {
  try {
    read()
    return []
  } catch (error) {
    if (error instanceof BadEnvironment) return error.problems
    throw error
  }
}
