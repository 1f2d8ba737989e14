import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the environment of `npm start` says wrong: a line each, exit status 78. */
export class BadSetting extends Error {
  name = 'BadSetting'
}

const usualPorts = { PORT: 3000, EXAM_PORT: 3001, SIMULATOR_PORT: 3100 }

/**
 * The environments of the platform and of its neighbours: what is given, and for the rest what makes them find each
 * other. Secrets are made once and stay in `dataDir`, for what they sealed stays there too.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} dataDir absolute
 */
export function settings(env, dataDir) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const ports = portsOf(given)
  const issuer = given.ISSUER ?? `http://localhost:${ports.PORT}`
  const examUrl = `http://localhost:${ports.EXAM_PORT}`
  const simulatorUrl = given.SIMULATOR_URL ?? `http://127.0.0.1:${ports.SIMULATOR_PORT}`
  const { EXAM_CLIENT_SECRET: examSecret, ...secrets } = savedSecrets(dataDir)
  const examClientSecret = given.EXAM_CLIENT_SECRET ?? examSecret
  const clientsFile = join(dataDir, 'sandbox-clients.json')
  writePrivately(clientsFile, [examClient(examUrl, examClientSecret)])
  return {
    ports,
    issuer,
    examUrl,
    simulatorUrl,
    ownSimulators: !given.SIMULATOR_URL,
    /** Where it answers on this machine, whatever it is called from outside. */
    platformUrl: `http://127.0.0.1:${ports.PORT}`,
    mongodbUri: fromFile(given, 'MONGODB_URI'),
    redisUrl: fromFile(given, 'REDIS_URL'),
    platform: {
      ISSUER: issuer,
      SIMULATOR_URL: simulatorUrl,
      SANDBOX_CLIENTS_FILE: clientsFile,
      BACKCHANNEL_LOOPBACK: '1',
      ...secrets,
      ...given,
    },
    exam: {
      ...given,
      ISSUER: issuer,
      EXAM_PORT: ports.EXAM_PORT,
      EXAM_CLIENT_ID: 'exam-service',
      EXAM_CLIENT_SECRET: examClientSecret,
    },
    simulators: { ...given, SIMULATOR_PORT: ports.SIMULATOR_PORT },
  }
}

/** A wrong PORT is the platform's to name, together with all else that is wrong in its environment. */
function portsOf(given) {
  const wrong = []
  const ports = Object.entries(usualPorts).map(([name, usual]) => {
    const port = Number(given[name] ?? usual)
    if (Number.isInteger(port) && port > 0 && port < 65536) return [name, port]
    if (name !== 'PORT') wrong.push(`${name}: must be a port, 1 to 65535`)
    return [name, usual]
  })
  if (wrong.length) throw new BadSetting(wrong.join('\n'))
  return Object.fromEntries(ports)
}

/** `NAME_FILE`, as the platform reads it (config/env.ts), in place of `NAME`. */
function fromFile(given, name) {
  const file = given[`${name}_FILE`]
  return file ? readFileSync(file, 'utf8').trim() : given[name]
}

function savedSecrets(dataDir) {
  const saved = secretsOf(dataDir)
  if (saved) return saved
  const key = () => randomBytes(32).toString('base64')
  const secrets = {
    DATA_KEYS: `1:${key()}`,
    DIGEST_KEY: key(),
    COOKIE_KEYS: key(),
    EXAM_CLIENT_SECRET: randomBytes(32).toString('base64url'),
  }
  writePrivately(secretsFile(dataDir), secrets)
  return secrets
}

/** What a start made there; undefined before the first one. */
export function secretsOf(dataDir) {
  const file = secretsFile(dataDir)
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw new Error(`${file} can't be read: ${error.message}`)
  }
}

const secretsFile = (dataDir) => join(dataDir, 'secrets.json')

/** Whole or not at all: a half-written file of keys would lock everybody out of what they sealed. */
function writePrivately(file, value) {
  mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 })
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

function examClient(url, secret) {
  return {
    client_id: 'exam-service',
    client_secret: secret,
    client_name: '考生服务系统',
    client_uri: `${url}/`,
    redirect_uris: [`${url}/callback`],
    post_logout_redirect_uris: [`${url}/signed-out`],
    backchannel_logout_uri: `${url}/backchannel-logout`,
    backchannel_logout_session_required: true,
    scope: 'openid profile phone identity',
    first_party: true,
  }
}
