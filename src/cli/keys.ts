import { readSettings } from '../../config/env.ts'
import { policy as policyOf } from '../../config/policy.ts'
import { runCommand, withStored } from './command.ts'
import { readCommand, run, usage } from './key-commands.ts'

/** `npm run keys`: what an operator does with the keys that sign tokens. Running processes follow in seconds. */
await runCommand(usage, async (typed) => {
  const command = readCommand(typed)
  const env = readSettings(process.env, ['MONGODB_URI', 'DATA_KEYS', 'DIGEST_KEY'])
  await withStored(env, async ({ inMongo, signingKeys: store, report }) => {
    const { lines, event } = await run(command, {
      store,
      now: inMongo.clock(),
      policy: policyOf().keys,
    })
    await report(lines, event)
  })
})
