import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { children } from '../../sandbox/children.mjs'
import { until } from '../../sandbox/ports.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const docs = join(root, 'docs')
const examples = join(docs, 'examples')
/** Downloaded packages are cached here between runs. */
const cache = join(root, '.data/examples')

export type Step = readonly [program: string, args: readonly string[], env?: Record<string, string>]

/** A third-party program with its folder below `docs/`, and the commands that build and start it. */
export type Peer = {
  readonly name: string
  /** The unique name of its folder. */
  readonly folder: string
  /** The parent of that folder below `docs/`. */
  readonly parent?: 'examples' | 'recipes'
  /** Programs that must be on PATH. */
  readonly needs: readonly string[]
  /** The commands that build it in `at`, a copy of its folder. */
  readonly build: (at: string) => readonly Step[]
  readonly start: (at: string) => Step
}

/** A client in `docs/examples/` with its addresses. */
export type Example = Peer & {
  readonly login: string
  readonly callback: string
  readonly backchannel: string
  /** The signature algorithm of the ID tokens that it accepts. */
  readonly alg: 'RS256' | 'PS256' | 'ES256' | 'EdDSA'
  /** The command that starts its receiver of events. */
  readonly events: (at: string) => Step
  /** The example itself checks logout tokens, so it rejects a repeated `jti`. */
  readonly byHand: boolean
  /** The address of a page that shows, as JSON, the `verified_claims` that its library read. */
  readonly verified?: string
}

const usual = {
  login: '/login',
  callback: '/callback',
  backchannel: '/backchannel-logout',
  byHand: true,
} as const

export const goCaches = {
  GOMODCACHE: join(cache, 'go-modules'),
  GOCACHE: join(cache, 'go-build'),
  GOFLAGS: '-modcacherw -buildvcs=false',
}

export const allExamples: readonly Example[] = [
  {
    ...usual,
    name: 'Node.js, openid-client',
    folder: 'node',
    needs: ['node'],
    build: () => [],
    // It runs in place, since its packages are in this project's node_modules.
    start: () => [process.execPath, [join(examples, 'node/app.mjs')]],
    events: () => [process.execPath, [join(examples, 'node/events.mjs')]],
    alg: 'PS256',
  },
  {
    ...usual,
    name: 'Python, Authlib',
    folder: 'python',
    needs: ['python3'],
    build: (at) => [
      ['python3', ['-m', 'venv', join(at, 'venv')]],
      [
        join(at, 'venv/bin/pip'),
        ['install', '--quiet', '--no-compile', '-r', join(at, 'requirements.txt')],
      ],
    ],
    start: (at) => [join(at, 'venv/bin/python'), [join(at, 'app.py')]],
    events: (at) => [join(at, 'venv/bin/python'), [join(at, 'events.py')]],
    alg: 'ES256',
  },
  {
    ...usual,
    name: 'Go, coreos/go-oidc',
    folder: 'go',
    needs: ['go'],
    build: (at) => [
      ['go', ['build', '-C', at, '-o', join(at, 'business-system'), '.'], goCaches],
      ['go', ['build', '-C', at, '-o', join(at, 'event-receiver'), './events'], goCaches],
    ],
    start: (at) => [join(at, 'business-system'), []],
    events: (at) => [join(at, 'event-receiver'), []],
    alg: 'EdDSA',
  },
  {
    name: 'Java, Spring Security',
    folder: 'java',
    needs: ['java', 'mvn'],
    build: (at) => [
      ['mvn', ['-q', '-B', `-Dmaven.repo.local=${join(cache, 'maven')}`, '-f', at, 'package']],
      [
        'java',
        [
          '-Djarmode=tools',
          ...['-jar', join(at, 'target/business-system-1.jar'), 'extract', '--force'],
          ...['--destination', join(at, 'target/extracted')],
        ],
      ],
    ],
    start: (at) => ['java', ['-jar', join(at, 'target/business-system-1.jar')]],
    events: (at) => [
      'java',
      ['-cp', join(at, 'target/extracted/business-system-1.jar'), 'example.EventReceiver'],
    ],
    login: '/oauth2/authorization/platform',
    callback: '/login/oauth2/code/platform',
    backchannel: '/logout/connect/back-channel/platform',
    alg: 'RS256',
    byHand: false,
    verified: '/verified',
  },
]

/** Returns the needed programs that this machine lacks. */
export const missingFor = ({ needs }: Peer): readonly string[] =>
  needs.filter(
    (program) =>
      !(process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, program))),
  )

const run = promisify(execFile)

/** Builds the program unless these sources have been built already. Returns the folder. */
async function buildExample({ folder, parent = 'examples', build }: Peer): Promise<string> {
  const at = join(cache, folder)
  const source = join(docs, parent, folder)
  const stamp = join(at, '.built')
  const { stdout: now } = await run(
    'sh',
    ['-c', `cd ${source} && find . -type f | sort | xargs cat`],
    {
      maxBuffer: 1 << 24,
    },
  )
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return at
  mkdirSync(at, { recursive: true })
  cpSync(source, at, { recursive: true })
  for (const [program, args, env] of build(at))
    await run(program, args, { env: { ...process.env, ...env }, maxBuffer: 1 << 24 })
  writeFileSync(stamp, now)
  return at
}

/**
 * Starts building all of them at once: most of the time is spent waiting for registries, and the tests of one run while the
 * next are built. Returns the folder of each as soon as it is built.
 */
export function buildExamples(peers: readonly Peer[]): (peer: Peer) => Promise<string> {
  const builds = new Map(peers.map((peer) => [peer.folder, buildExample(peer)]))
  // The test that waits for a build reports its failure.
  for (const build of builds.values()) build.catch(() => {})
  return ({ folder, name }) =>
    builds.get(folder) ?? Promise.reject(new Error(`${name} is not built`))
}

/** Starts a program with these settings. `said` is its output up to now. */
export function startProgram(
  [program, args, own]: Step,
  settings: Readonly<Record<string, string>>,
) {
  const { PATH = '', HOME = '' } = process.env
  // The reaper stops the program even if the tests are killed.
  const family = children()
  const child = family.start(program, program, args, {
    env: { PATH, HOME, ...settings, ...own },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const output of [child.stdout, child.stderr]) output?.on('data', (text) => (said += text))
  return { said: () => said, died: family.died, stop: family.stop }
}

/** Starts the program with these settings and waits until its first page answers. */
export async function startExample(
  { start }: Pick<Peer, 'start'>,
  at: string,
  settings: Readonly<Record<string, string>> & { readonly PORT: string },
) {
  const family = startProgram(start(at), settings)
  const url = `http://localhost:${settings.PORT}`
  const answers = until(async () => (await fetch(`${url}/`, { redirect: 'manual' })).status < 400, {
    seconds: 60,
    what: url,
  })
  try {
    await Promise.race([answers, family.died.then(() => Promise.reject(new Error(family.said())))])
  } catch (error) {
    await family.stop()
    throw error
  }
  return { url, stop: family.stop }
}
