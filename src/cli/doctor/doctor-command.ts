import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { BadEnvironment } from '../../../config/environment/bad-environment.ts'
import type { Environment } from '../../../config/environment/settings.ts'
import { readAllSettings } from '../../compose/settings/all-settings.ts'
import { noMoreArguments, readArguments } from '../arguments.ts'
import { BadUsage, type Caller, ChecksFailed, defineCommand } from '../operator-command.ts'
import { type Check, lineOf } from './check.ts'
import { issuerChecks } from './issuer-checks.ts'
import { mongoChecks } from './mongo-checks.ts'
import { redisChecks } from './redis-checks.ts'
import { serviceChecks } from './service-checks.ts'

const usage = `npm run doctor [-- --env FILE]     (in the production image: node dist/src/cli/doctor.js)

  Looks at the settings, the issuer as seen from here, both stores, keys, clients, external services and the audit. Prints a
  line for each: ok, or what is wrong and what to do. Exit status 1 if anything is wrong. It changes nothing. FILE has
  lines NAME=VALUE, which replace the settings of the environment`

/** `npm run doctor` (specification, section 14). */
export const doctorCommand = defineCommand(usage, async (caller) => {
  const source = readOptions(caller)
  let problems = 0
  const print = (checks: readonly Check[]) => {
    for (const each of checks) {
      problems += each.problems.length
      caller.out(lineOf(each))
    }
  }
  const env = readSource(source)
  print([{ name: 'settings', problems: env.problems }])
  if (env.settings) {
    const { settings } = env
    const groups = [issuerChecks, mongoChecks, redisChecks, serviceChecks]
    for (const group of groups) print(await group(settings))
  } else caller.out('the other checks need valid settings')
  if (problems) throw new ChecksFailed(`${problems} problems`)
})

/** Returns the environment that is to be checked. Throws `BadUsage`. */
function readOptions({ typed, env }: Caller): Caller['env'] {
  const { values, positionals } = readArguments(typed, { env: { type: 'string' } })
  noMoreArguments(positionals)
  if (values.env === undefined) return env
  try {
    return parseEnv(readFileSync(values.env, 'utf8'))
  } catch (error) {
    throw new BadUsage(`--env ${values.env}: cannot be read (${(error as { code?: string }).code})`)
  }
}

function readSource(source: Caller['env']): {
  readonly settings?: Environment
  readonly problems: readonly string[]
} {
  try {
    return { settings: readAllSettings({ ...source }), problems: [] }
  } catch (error) {
    if (error instanceof BadEnvironment) return { problems: error.problems }
    throw error
  }
}
