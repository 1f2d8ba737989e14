import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { clientOf, playground, relyingParties, terminalClient } from './clients.mjs'

/** Invalid settings of `npm start`, a line each. The exit status is 78. */
export class BadSetting extends Error {
  name = 'BadSetting'
}

const usualPorts = {
  PORT: 3000,
  EXAM_PORT: 3001,
  SOCIAL_PORT: 3002,
  PLAYGROUND_PORT: 3003,
  ADMIN_PORT: 3004,
  SIMULATOR_PORT: 3100,
}

/**
 * The environments of the platform, the relying parties and the simulators: the given settings, and defaults that connect
 * them. Secrets are generated once and stored in `dataDir`, since the data that they encrypt is stored there too.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} dataDir absolute
 */
export function settings(env, dataDir) {
  const { given, ports, ...addresses } = addressesOf(env)
  const { issuer, adminOrigin, examUrl, socialUrl, playgroundUrl, simulatorUrl } = addresses
  const {
    EXAM_CLIENT_SECRET,
    SOCIAL_CLIENT_SECRET,
    PLAYGROUND_CLIENT_SECRET,
    TERMINAL_KEY,
    ...secrets
  } = savedSecrets(dataDir)
  const clientSecrets = { EXAM_CLIENT_SECRET, SOCIAL_CLIENT_SECRET, PLAYGROUND_CLIENT_SECRET }
  const relyingParty = { ...clientSecrets, ...given, ...ports, ISSUER: issuer }
  const clientsFile = join(dataDir, 'sandbox-clients.json')
  writePrivately(clientsFile, [
    clientOf(relyingParties.exam, examUrl, relyingParty.EXAM_CLIENT_SECRET),
    clientOf(relyingParties.social, socialUrl, relyingParty.SOCIAL_CLIENT_SECRET),
    clientOf(playground, playgroundUrl, relyingParty.PLAYGROUND_CLIENT_SECRET),
    terminalClient(publicPart(JSON.parse(TERMINAL_KEY))),
  ])
  return {
    ports,
    ...addresses,
    ownSimulators: !given.SIMULATOR_URL,
    /** The platform's address on this machine, which can differ from the issuer. */
    platformUrl: `http://127.0.0.1:${ports.PORT}`,
    mongodbUri: fromFile(given, 'MONGODB_URI'),
    redisUrl: fromFile(given, 'REDIS_URL'),
    platform: {
      ISSUER: issuer,
      ADMIN_PORT: String(ports.ADMIN_PORT),
      ADMIN_ORIGIN: adminOrigin,
      SIMULATOR_URL: simulatorUrl,
      SANDBOX_CLIENTS_FILE: clientsFile,
      BACKCHANNEL_LOOPBACK: '1',
      ...sampleLegalTexts,
      ...sampleBrand,
      ...secrets,
      ...given,
    },
    relyingParty,
    simulators: { ...given, SIMULATOR_PORT: ports.SIMULATOR_PORT },
  }
}

/**
 * The public addresses of all programs.
 * @param {NodeJS.ProcessEnv} env
 */
export function addressesOf(env) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const ports = portsOf(given)
  return {
    given,
    ports,
    issuer: given.ISSUER ?? `http://localhost:${ports.PORT}`,
    adminOrigin: given.ADMIN_ORIGIN ?? `http://localhost:${ports.ADMIN_PORT}`,
    examUrl: `http://localhost:${ports.EXAM_PORT}`,
    socialUrl: `http://localhost:${ports.SOCIAL_PORT}`,
    playgroundUrl: `http://localhost:${ports.PLAYGROUND_PORT}`,
    simulatorUrl: given.SIMULATOR_URL ?? `http://127.0.0.1:${ports.SIMULATOR_PORT}`,
  }
}

/** 用户协议 and 隐私政策 of an invented office. */
export const sampleLegalTexts = {
  TERMS_FILE: fileURLToPath(new URL('legal/terms.md', import.meta.url)),
  PRIVACY_FILE: fileURLToPath(new URL('legal/privacy.md', import.meta.url)),
}

/** The name and emblem of an invented office. */
export const sampleBrand = {
  BRAND_NAME: '样例市人社局（体验环境）',
  BRAND_LOGO: fileURLToPath(new URL('brand/emblem.svg', import.meta.url)),
}

/** Leaves an invalid PORT or ADMIN_PORT to the platform, which reports all errors of its environment together. */
function portsOf(given) {
  const wrong = []
  const ports = Object.entries(usualPorts).map(([name, usual]) => {
    const port = Number(given[name] ?? usual)
    if (Number.isInteger(port) && port > 0 && port < 65536) return [name, port]
    if (name !== 'PORT' && name !== 'ADMIN_PORT') wrong.push(`${name}: must be a port, 1 to 65535`)
    return [name, usual]
  })
  if (wrong.length) throw new BadSetting(wrong.join('\n'))
  return Object.fromEntries(ports)
}

/** Reads a setting from the file `NAME_FILE`, if given, else from `NAME`, like the platform. */
function fromFile(given, name) {
  const file = given[`${name}_FILE`]
  return file ? readFileSync(file, 'utf8').trim() : given[name]
}

/** Adds secrets that an earlier version did not save. */
function savedSecrets(dataDir) {
  const saved = secretsOf(dataDir) ?? {}
  const key = () => randomBytes(32).toString('base64')
  const secrets = {
    DATA_KEYS: `1:${key()}`,
    DIGEST_KEY: key(),
    COOKIE_KEYS: key(),
    EXAM_CLIENT_SECRET: key(),
    SOCIAL_CLIENT_SECRET: key(),
    PLAYGROUND_CLIENT_SECRET: key(),
    TERMINAL_KEY: saved.TERMINAL_KEY ?? JSON.stringify(terminalKey()),
    ...saved,
  }
  if (Object.keys(secrets).some((name) => !(name in saved)))
    writePrivately(secretsFile(dataDir), secrets)
  return secrets
}

/** Generates the key of the sandbox's 自助终端 as a JWK. */
function terminalKey() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const kid = randomBytes(8).toString('hex')
  return { ...privateKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' }
}

const publicPart = ({ d: _, ...jwk }) => jwk

/** Returns the saved secrets, or undefined before the first start. */
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

/** Writes the file atomically, since an incomplete file of keys would make the encrypted data unreadable. */
function writePrivately(file, value) {
  mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 })
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}
