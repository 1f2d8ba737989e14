// Runs the operator commands of src/cli/ for `npm run client`, `npm run keys`, `npm run doctor` and others.
// Without settings in the environment they use the stores and keys of `npm start` on this machine, which must be running.
import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { addressesOf, secretsOf, settings } from './settings.mjs'
import { storesOf } from './stores.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const dataDir = resolve(process.env.UUP_DATA_DIR || join(root, '.data'))

const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''))
const secrets = given.NODE_ENV === 'production' ? undefined : secretsOf(dataDir)
const { adminOrigin } = addressesOf(given)
const [command, ...typed] = process.argv.slice(2)
// The doctor looks at all settings, also at those that no other command needs.
const own = () =>
  command === 'doctor'
    ? settings(given, dataDir).platform
    : { ...secrets, ADMIN_ORIGIN: adminOrigin }
const env = secrets ? { ...storesOf(dataDir), ...own(), ...given } : given

const script = join(root, `src/cli/${command}.ts`)
const args = ['--import', import.meta.resolve('tsx'), script, ...typed]
const { status } = spawnSync(process.execPath, args, { env, stdio: 'inherit' })
process.exitCode = status ?? 1
