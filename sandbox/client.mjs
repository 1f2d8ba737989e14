// `npm run client`: the command of src/cli/. Where the environment doesn't say whose clients are meant, those of
// `npm start` on this machine (which has to run, for its stores to answer).
import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { secretsOf } from './settings.mjs'
import { storesOf } from './stores.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const dataDir = resolve(process.env.UUP_DATA_DIR || join(root, '.data'))

const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''))
const secrets = given.NODE_ENV === 'production' ? undefined : secretsOf(dataDir)
const env = secrets ? { ...storesOf(dataDir), ...secrets, ...given } : given

const script = join(root, 'src/cli/client.ts')
const args = ['--import', import.meta.resolve('tsx'), script, ...process.argv.slice(2)]
const { status } = spawnSync(process.execPath, args, { env, stdio: 'inherit' })
process.exitCode = status ?? 1
