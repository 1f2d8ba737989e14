import { readSettings } from '../../config/environment/read-environment.ts'
import { policy as policyOf } from '../../config/limits-and-lifetimes.ts'
import { invitationsMongo } from '../adapters/operators/invitations-mongo.ts'
import { operatorsMongo } from '../adapters/operators/operators-mongo.ts'
import { isActive, type Operator, type Role, roles } from '../people/operator.ts'
import type { AuditEvent } from '../ports/audit.ts'
import type { Invitations } from '../ports/operators/invitations.ts'
import type { Operators } from '../ports/operators/operators.ts'
import { missingArgument, noMoreArguments, readArguments } from './arguments.ts'
import { BadUsage, defineCommand, Refused, storeSettings, withStores } from './operator-command.ts'

const usage = `npm run operator -- COMMAND     (in the production image: node dist/src/cli/operator.js COMMAND)

  invite --name NAME --role ROLE   a link that sets up an operator: good once, for 30 minutes.
                                   ROLE: ${roles.join(', ')}
  list                             all operators
  disable USERNAME                 ends the session; no sign-in any more
  reset USERNAME                   ends the session and removes password, second factor and recovery
                                   codes; a link sets new ones`

type Command =
  | { readonly name: 'invite'; readonly as: { readonly name: string; readonly role: Role } }
  | { readonly name: 'list' }
  | { readonly name: 'disable' | 'reset'; readonly username: string }

type Context = {
  readonly operators: Operators
  readonly invitations: Invitations
  readonly adminOrigin: string
}

type Result = {
  readonly lines: readonly string[]
  readonly event?: Pick<AuditEvent, 'what' | 'target'>
}

/** `npm run operator`: works without a second person, since whoever runs it has the keys. */
export const operatorsCommand = defineCommand(usage, async (caller) => {
  const command = readCommand(caller.typed)
  const env = readSettings(caller.env, [...storeSettings, 'ADMIN_ORIGIN'])
  await withStores(env, caller, async ({ inMongo, report }) => {
    const policy = policyOf().operators
    const { lines, event } = await run(command, {
      operators: await operatorsMongo({ ...inMongo, policy }),
      invitations: await invitationsMongo({ ...inMongo, policy }),
      adminOrigin: env.ADMIN_ORIGIN,
    })
    // The event comes first: a link that nobody recorded is not shown.
    if (event) await report([], event)
    await report(lines)
  })
})

/** Throws `BadUsage`. */
function readCommand(typed: readonly string[]): Command {
  const flag = { type: 'string' } as const
  const { values, positionals } = readArguments(typed, { name: flag, role: flag })
  const [name, ...rest] = positionals
  if (name !== 'invite' && Object.keys(values).length)
    throw new BadUsage('--name and --role belong to invite')
  switch (name) {
    case 'invite': {
      noMoreArguments(rest)
      const role = roles.find((one) => one === (values.role ?? missingArgument('--role')))
      if (!role) throw new BadUsage(`--role: must be one of ${roles.join(', ')}`)
      const given = values.name?.trim() || missingArgument('--name')
      if ([...given].length > 64) throw new BadUsage('--name: must have 64 characters at most')
      return { name, as: { name: given, role } }
    }
    case 'list':
      noMoreArguments(rest)
      return { name }
    case 'disable':
    case 'reset': {
      const [username = missingArgument('USERNAME'), ...more] = rest
      noMoreArguments(more)
      return { name, username }
    }
    default:
      throw new BadUsage(name ? `${name}: no such command` : 'a command is missing')
  }
}

/** Throws `Refused`. */
async function run(command: Command, context: Context): Promise<Result> {
  const { operators, invitations, adminOrigin } = context
  const linkOf = ({ token }: { readonly token: string }) => `${adminOrigin}/invitation/${token}`
  switch (command.name) {
    case 'list':
      return { lines: (await operators.list()).map(operatorLine) }
    case 'invite': {
      const issued = await invitations.issue({ ...command.as, sponsors: [] })
      return {
        lines: [linkOf(issued)],
        event: { what: 'operator-invited', target: command.as.role },
      }
    }
    case 'disable': {
      const { id, username } = await known(command.username, operators)
      await operators.disable(id)
      const event = { what: 'operator-disabled', target: id } as const
      return { lines: [`operator ${username}: disabled`], event }
    }
    case 'reset': {
      const { id, username, name, role, isDisabled } = await known(command.username, operators)
      if (isDisabled) throw new Refused(`operator ${username}: is disabled`)
      const resets = (await operators.removeCredentials(id)) ?? 0
      const invitation = { name, role, sponsors: [], operator: { id, username, resets } }
      const issued = await invitations.issue(invitation)
      return { lines: [linkOf(issued)], event: { what: 'operator-reset', target: id } }
    }
  }
}

async function known(username: string, operators: Operators): Promise<Operator> {
  const found = await operators.findByUsername(username)
  if (!found) throw new Refused(`operator ${username}: there is none`)
  return found
}

/** For example `wang.gong  security  active  last sign-in 2026-11-29T08:00:00.000Z  王工`. */
function operatorLine(operator: Operator): string {
  const { username, role, isDisabled, lastSignInAt, name } = operator
  const state = isDisabled ? 'disabled' : isActive(operator) ? 'active' : 'reset'
  const last = lastSignInAt ? new Date(lastSignInAt).toISOString() : 'never'
  return `${username}  ${role}  ${state}  last sign-in ${last}  ${name}`
}
