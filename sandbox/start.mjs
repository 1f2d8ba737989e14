// `npm start` runs everything on one machine, `npm run cluster` with several servers of each store and two processes of the
// platform behind a balancer. It imports only Node.js's own modules, since it installs the packages first.
import { execFile } from 'node:child_process'
import { mkdirSync, openSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { children } from './children.mjs'
import { lockDataFolder } from './data-folder-lock.mjs'
import { installPackages } from './packages.mjs'
import { isTaken, until } from './ports.mjs'
import { BadSetting, settings } from './settings.mjs'
import { putSamples } from './simulator-samples.mjs'
import { startStores } from './stores.mjs'
import { welcome } from './welcome.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const isCluster = process.argv.includes('--cluster')
const dataDir = resolve(
  process.env.UUP_DATA_DIR || join(root, isCluster ? '.data/cluster' : '.data'),
)
const badEnvironment = 78

/** Used if they are free; others are in the data folder's files `port`. */
const clusterPorts = {
  mongoPorts: [27_101, 27_102, 27_103],
  redisPorts: [7101, 7102, 7103, 7104, 7105, 7106],
}

const log = (line) => console.log(line)
const family = children()
let ending = false

// A closed terminal breaks the output, but the programs must still be stopped in order.
for (const output of [process.stdout, process.stderr]) output.on('error', () => {})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(0, 'Stopping …'))
family.died.then(endAfter)
startAll().catch((error) => end(error instanceof BadSetting ? badEnvironment : 1, error.message))

async function startAll() {
  await lockDataFolder(dataDir, family)
  const chosen = settings(process.env, dataDir)
  await refuseTakenPorts(chosen.ports)
  mkdirSync(join(dataDir, 'logs'), { recursive: true })
  const { mongodbUri, redisUrl, simulatorUrl } = chosen

  const packages = installPackages(root, { family, log })
  const stores = startStores({
    ...{ dataDir, isCluster, mongodbUri, redisUrl, packages, log },
    ...(isCluster && clusterPorts),
    // A server that was killed in a trial comes back.
    family: isCluster ? { ...family, start: family.keep } : family,
  })
  await Promise.all([
    packages.then(() => startSimulators(chosen)),
    packages.then(() => startRelyingParty(chosen, 'The exam service', 'exam', 'EXAM_PORT')),
    packages.then(() => startRelyingParty(chosen, 'The social service', 'social', 'SOCIAL_PORT')),
    packages.then(() =>
      startRelyingParty(chosen, 'The playground', 'playground', 'PLAYGROUND_PORT'),
    ),
    Promise.all([stores, packages]).then(([found]) => startPlatform(chosen, found)),
  ])
  await putSamples(simulatorUrl)
  const links = await operatorLinks(chosen, await stores)
  log(welcome({ ...chosen, links }, join(dataDir, 'logs')))
}

async function refuseTakenPorts(ports) {
  const names = Object.keys(ports)
  for (const name of names) {
    const port = ports[name]
    const other = names.find((other) => other !== name && ports[other] === port)
    if (other)
      throw new Error(`Port ${port} is wanted twice: give ${name} and ${other} different ones`)
    if (await isTaken(port))
      throw new Error(`Port ${port} is taken: stop the program that uses it, or set ${name}=…`)
  }
}

async function startSimulators({ ownSimulators, simulators, simulatorUrl }) {
  if (ownSimulators) start('The simulators', 'sandbox/simulators/main.ts', simulators)
  await answers('The simulators', `${simulatorUrl}/health`)
}

async function startRelyingParty({ relyingParty, ports }, name, folder, port) {
  start(name, `sandbox/${folder}/main.ts`, relyingParty)
  await answers(name, `http://127.0.0.1:${ports[port]}/health`)
}

async function startPlatform({ platform, platformUrl, ports }, { mongodbUri, redisUrl }) {
  log('Starting the platform …')
  const env = { ...platform, MONGODB_URI: mongodbUri, REDIS_URL: redisUrl }
  if (isCluster) startProcesses(env, ports.PORT)
  else start('The platform', 'src/main.ts', env)
  await answers('The platform', `${platformUrl}/health/ready`)
  await answers('The platform', `${platformUrl}/.well-known/openid-configuration`)
}

/** One-time links for operators, as the lines `role link`. */
async function operatorLinks({ platform }, { mongodbUri }) {
  const env = { ...process.env, ...platform, MONGODB_URI: mongodbUri }
  const args = ['--import', import.meta.resolve('tsx'), join(root, 'sandbox/operators/main.ts')]
  const { stdout } = await promisify(execFile)(process.execPath, args, { env })
  return stdout.trim().split('\n')
}

/** Starts two processes behind a balancer at `port`. Only the first one has the operators' listener. */
function startProcesses(env, port) {
  const backends = [port + 10, port + 11]
  for (const [index, own] of backends.entries()) {
    const listener = index === 0 ? {} : { ADMIN_PORT: '' }
    const name = `The platform ${index + 1}`
    start(name, 'src/main.ts', { ...env, TRUST_PROXY: '1', PORT: own, ...listener }, family.keep)
  }
  start('The balancer', 'sandbox/balancer/main.mjs', {
    ...{ HOST: env.HOST, PORT: port, BACKENDS: backends.join() },
  })
}

function start(name, script, env, run = family.start) {
  const output = openSync(logFile(name), 'w', 0o600)
  const args = ['--import', import.meta.resolve('tsx'), join(root, script)]
  run(name, process.execPath, args, { env, stdio: ['ignore', output, output] })
}

function answers(name, url) {
  const asked = async () => (await fetch(url, { signal: AbortSignal.timeout(5000) })).ok
  return until(asked, { seconds: 60, what: `${name} (see ${logFile(name)})` })
}

function logFile(name) {
  return join(dataDir, 'logs', `${name.replace('The ', '').replaceAll(' ', '-')}.log`)
}

/** Reports the program that ended. The stores have no log here, since stores.mjs reports their failures. */
function endAfter({ name, code, reason }) {
  const own = ['MongoDB', 'Redis'].includes(name) ? [] : lines(logFile(name))
  const problems = own.filter((line) => /^[A-Z][A-Z0-9_]*: /.test(line))
  if (code === badEnvironment && problems.length) return end(badEnvironment, problems.join('\n'))
  const error = own.findLast((line) => /^\w*Error\b/.test(line))
  const why = error ? `${reason}, ${error}` : reason
  const where = own.length ? `; see ${logFile(name)}` : ''
  return end(1, `${name} ended unexpectedly: ${why}${where}`)
}

function lines(file) {
  return readFileSync(file, 'utf8').split('\n').filter(Boolean)
}

/** Ends once, for the first reason, since later failures are its consequences. */
async function end(code, sentence) {
  if (ending) return
  ending = true
  if (code) console.error(sentence)
  else log(sentence)
  await family.stop()
  process.exit(code)
}
