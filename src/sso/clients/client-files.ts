import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { ClientMetadata } from '../../../config/client-metadata.ts'
import { BadEnvironment } from '../../../config/environment/bad-environment.ts'
import { type Deployment, isProduction } from '../../../config/environment/production.ts'
import type { Environment } from '../../../config/environment/settings.ts'
import type { FileClient } from '../../ports/sso/clients.ts'
import {
  type CheckedMetadata,
  checkMetadata,
  checkMoreRules,
  problemLine,
} from './metadata/check-metadata.ts'
import { strongSecret } from './metadata/secret-rule.ts'
import type { UncheckedMetadata } from './metadata/unchecked-metadata.ts'

type ClientFiles = Partial<Pick<Environment, 'CLIENTS_FILE' | 'SANDBOX_CLIENTS_FILE'>> & Deployment

/**
 * Reads the clients of all files. Production rejects secrets that could be guessed. Throws `BadEnvironment` with every
 * problem of every client.
 */
export function readClientFiles(files: ClientFiles): FileClient[] {
  const problems: string[] = []
  const more = isProduction(files) ? [strongSecret] : []
  const check = (entry: unknown) => {
    const given = entry && typeof entry === 'object' ? (entry as UncheckedMetadata) : {}
    return checkMoreRules(checkMetadata(entry), given, more)
  }
  const clients = (['CLIENTS_FILE', 'SANDBOX_CLIENTS_FILE'] as const).flatMap((setting) => {
    const file = files[setting]
    if (!file) return []
    const read = readFile(file, check, (problem) =>
      problems.push(`${setting}: ${file}: ${problem}`),
    )
    return read.map((metadata) => ({ metadata, file }))
  })
  const ids = clients.map(({ metadata }) => metadata.client_id)
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) < index)))
    problems.push(`CLIENTS_FILE: client ${id}: stands there twice`)
  if (problems.length) throw new BadEnvironment(problems)
  return clients
}

function readFile(
  file: string,
  judge: (entry: unknown) => CheckedMetadata,
  problem: (line: string) => void,
): ClientMetadata[] {
  const list = parseList(file)
  if (!list) {
    problem('must be a readable YAML or JSON list of clients')
    return []
  }
  return list.flatMap((entry, index) => {
    const judged = judge(entry)
    if ('metadata' in judged) return [judged.metadata]
    const id = (entry as { client_id?: unknown } | null)?.client_id ?? `number ${index + 1}`
    for (const each of judged.problems) problem(`client ${id}: ${problemLine(each)}`)
    return []
  })
}

/** The YAML parser reads JSON too, since JSON is a subset of YAML. */
function parseList(file: string): unknown[] | undefined {
  try {
    const list: unknown = parse(readFileSync(file, 'utf8'))
    return Array.isArray(list) ? list : undefined
  } catch {
    return undefined
  }
}
