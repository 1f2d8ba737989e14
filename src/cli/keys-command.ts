import { readSettings } from '../../config/environment/read-environment.ts'
import { type Policy, policy as policyOf } from '../../config/limits-and-lifetimes.ts'
import {
  encryptionAlgorithms,
  type KeyAlgorithm,
  keyAlgorithms,
  signingAlgorithms,
} from '../../config/oidc.ts'
import type { SigningKeys } from '../ports/sso/signing-keys.ts'
import { type KeyAt, keysAt, rotateKey, withdrawKey } from '../sso/keys/key-rotation.ts'
import { missingArgument, noMoreArguments, readArguments } from './arguments.ts'
import { BadUsage, defineCommand, Refused, storeSettings, withStores } from './operator-command.ts'

const keysUsage = `npm run keys -- COMMAND     (in the production image: node dist/src/cli/keys.js COMMAND)

  list                      all keys: what each is for, and until when
  rotate [ALG …] [--now]    a new key for each ALG, or for all of them when none is named:
                            ${signingAlgorithms.join(', ')}, which sign, and
                            ${encryptionAlgorithms.slice(0, 2).join(', ')}, ${encryptionAlgorithms.slice(2).join(', ')},
                            which decrypt request objects. It signs once everybody knows it; with --now at once, and whoever caches the keys
                            refuses its tokens for up to an hour
  withdraw KID              ends a key that isn't in use, before its time: what it signed is refused`

type KeysCommand =
  | { readonly name: 'list' }
  | { readonly name: 'rotate'; readonly algs: readonly KeyAlgorithm[]; readonly now: boolean }
  | { readonly name: 'withdraw'; readonly kid: string }

type KeysCommandContext = {
  readonly store: SigningKeys
  /** ms since 1970. */
  readonly now: number
  readonly policy: Policy['keys']
}
type KeysCommandResult = {
  readonly lines: readonly string[]
  readonly event?: { readonly what: 'key-rotated' | 'key-withdrawn' }
}

/** `npm run keys`: lets an operator manage the keys that sign tokens. Running processes follow within seconds. */
export const keysCommand = defineCommand(keysUsage, async (caller) => {
  const command = readKeysCommand(caller.typed)
  const env = readSettings(caller.env, storeSettings)
  await withStores(env, caller, async ({ inMongo, signingKeys: store, report }) => {
    const { lines, event } = await runKeysCommand(command, {
      store,
      now: inMongo.clock(),
      policy: policyOf().keys,
    })
    await report(lines, event)
  })
})

/** Throws `BadUsage`. */
function readKeysCommand(typed: readonly string[]): KeysCommand {
  // A KID may begin with a hyphen. `--` keeps the parser from reading it as an option; no option has one letter.
  const words = typed.flatMap((word) => (/^-[^-]/.test(word) ? ['--', word] : [word]))
  const { values, positionals } = readArguments(words, { now: { type: 'boolean' } })
  const [name, ...rest] = positionals
  const { now = false } = values
  if (now && name !== 'rotate') throw new BadUsage('--now belongs to rotate')
  switch (name) {
    case 'list':
      noMoreArguments(rest)
      return { name }
    case 'rotate':
      return { name, algs: rest.length ? rest.map(algorithm) : keyAlgorithms, now }
    case 'withdraw': {
      const [kid = missingArgument('KID'), ...more] = rest
      noMoreArguments(more)
      return { name, kid }
    }
    default:
      throw new BadUsage(name ? `${name}: no such command` : 'a command is missing')
  }
}

function algorithm(word: string): KeyAlgorithm {
  const known = keyAlgorithms.find((alg) => alg === word)
  if (!known) throw new BadUsage(`${word}: must be one of ${keyAlgorithms.join(', ')}`)
  return known
}

/** Throws `Refused`. */
async function runKeysCommand(
  command: KeysCommand,
  context: KeysCommandContext,
): Promise<KeysCommandResult> {
  const { store, now, policy } = context
  switch (command.name) {
    case 'list':
      return { lines: keysAt(await store.all(), now, policy).map(keyLine) }
    case 'rotate':
      return rotateAll(command, context)
    case 'withdraw': {
      const outcome = await withdrawKey(store, command.kid, now, policy)
      if (outcome === 'unknown') throw new Refused(`key ${command.kid}: there is none`)
      if (outcome === 'signing')
        throw new Refused(`key ${command.kid}: is in use; rotate --now first, then withdraw it`)
      return { lines: [`key ${command.kid}: withdrawn`], event: { what: 'key-withdrawn' } }
    }
  }
}

async function rotateAll(
  { algs, now: atOnce }: Extract<KeysCommand, { name: 'rotate' }>,
  { store, now, policy }: KeysCommandContext,
): Promise<KeysCommandResult> {
  const outcomes = []
  for (const alg of algs)
    outcomes.push({ alg, outcome: await rotateKey(store, alg, now, policy, atOnce) })
  const waiting = outcomes.filter(({ outcome }) => outcome === 'waiting')
  const why = waiting.map(
    ({ alg }) => `${alg}: a new key waits already; --now lets it sign at once`,
  )
  if (waiting.length === algs.length) throw new Refused(why.join('\n'))
  const lines = keysAt(await store.all(), now, policy).map(keyLine)
  return { lines: [...why, ...lines], event: { what: 'key-rotated' } }
}

const purposeOfState = {
  next: 'published, signs from',
  current: 'signs',
  previous: 'signed, published until',
  gone: 'ends now',
} as const
const purposeOfDecryption = {
  next: 'published, comes first from',
  current: 'decrypts',
  previous: 'decrypts, published until',
  gone: 'ends now',
} as const

/** For example `RS256  2  published, signs from 2026-11-28T08:00:00.000Z  KID`. */
function keyLine({ key, state, until }: KeyAt): string {
  const purposes = key.jwk.use === 'enc' ? purposeOfDecryption : purposeOfState
  const when = state === 'next' || state === 'previous' ? ` ${new Date(until).toISOString()}` : ''
  return `${key.alg}  ${key.number}  ${purposes[state]}${when}  ${key.jwk.kid}`
}
