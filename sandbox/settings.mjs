import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { clientOf, playground, relyingParties, terminalClient } from './clients.mjs'

/** What the environment of `npm start` says wrong: a line each, exit status 78. */
export class BadSetting extends Error {
  name = 'BadSetting'
}

const usualPorts = {
  PORT: 3000,
  EXAM_PORT: 3001,
  SOCIAL_PORT: 3002,
  PLAYGROUND_PORT: 3003,
  SIMULATOR_PORT: 3100,
}

/**
 * The environments of the platform and of its neighbours: what is given, and for the rest what makes them find each
 * other. Secrets are made once and stay in `dataDir`, for what they sealed stays there too.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} dataDir absolute
 */
export function settings(env, dataDir) {
  const { given, ports, ...addresses } = addressesOf(env)
  const { issuer, examUrl, socialUrl, playgroundUrl, simulatorUrl } = addresses
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
    /** Where it answers on this machine, whatever it is called from outside. */
    platformUrl: `http://127.0.0.1:${ports.PORT}`,
    mongodbUri: fromFile(given, 'MONGODB_URI'),
    redisUrl: fromFile(given, 'REDIS_URL'),
    platform: {
      ISSUER: issuer,
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
 * Where everything is found from outside.
 * @param {NodeJS.ProcessEnv} env
 */
export function addressesOf(env) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const ports = portsOf(given)
  return {
    given,
    ports,
    issuer: given.ISSUER ?? `http://localhost:${ports.PORT}`,
    examUrl: `http://localhost:${ports.EXAM_PORT}`,
    socialUrl: `http://localhost:${ports.SOCIAL_PORT}`,
    playgroundUrl: `http://localhost:${ports.PLAYGROUND_PORT}`,
    simulatorUrl: given.SIMULATOR_URL ?? `http://127.0.0.1:${ports.SIMULATOR_PORT}`,
  }
}

/** 用户协议 and 隐私政策 of an office that does not exist. */
export const sampleLegalTexts = {
  TERMS_FILE: fileURLToPath(new URL('legal/terms.md', import.meta.url)),
  PRIVACY_FILE: fileURLToPath(new URL('legal/privacy.md', import.meta.url)),
}

/** Name and emblem of an office that does not exist. */
export const sampleBrand = {
  BRAND_NAME: '样例市人社局（体验环境）',
  BRAND_LOGO: fileURLToPath(new URL('brand/emblem.svg', import.meta.url)),
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

/** What an earlier version saved lacks those that it didn't know. */
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

/** Of the sandbox's 自助终端, as a JWK. */
function terminalKey() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const kid = randomBytes(8).toString('hex')
  return { ...privateKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' }
}

const publicPart = ({ d: _, ...jwk }) => jwk

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
