import { existsSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { simulators } from '../../sandbox/simulators/simulators.ts'
import { clients, relyingParty, signIn } from '../sso/platform.ts'
import { registered } from '../support/account-pages.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { localListener } from '../support/local-listener.ts'
import { samplePerson } from '../support/people.ts'
import { externalServicesAt } from '../support/platform.ts'
import { productionInstall } from '../support/production-install.ts'
import { signInFields } from '../support/registering.ts'
import { startedPlatform } from '../support/started-platform.ts'
import { testStores } from '../support/stores.ts'

/** `nobody` on Debian. It may write to none of the files, as in the image, whose file system is read-only. */
const otherUser = process.getuid?.() === 0 ? 65534 : undefined

test('a production install starts without root and without writing to its files, registers a person and signs the person in at a client', async () => {
  const { folder, remove } = await productionInstall()
  const stores = await testStores()
  const services = await localListener(simulators().callback())
  const clientsFile = join(folder, 'clients.json')
  await writeFile(clientsFile, JSON.stringify([clients.exam]))
  await chmod(folder, 0o755)
  const settings = { SIMULATOR_URL: services.url, SANDBOX_CLIENTS_FILE: clientsFile }
  const program = { file: 'dist/src/main.js', folder, uid: otherUser }
  const { issuer, listening, stop, signal } = await startedPlatform(stores, settings, program)
  try {
    expect(existsSync(join(folder, 'node_modules/jest'))).toBe(false)
    await listening()
    const platform = { issuer, ...externalServicesAt(services.url) }
    const person = samplePerson()
    await platform.issueCard(person)
    await registered(platform, person)
    const { ask } = await relyingParty(issuer)
    const { url, tokens } = await ask()
    const { claims } = await tokens(await signIn(cookieBrowser(), url, signInFields(person)))
    expect(claims()?.iss).toBe(issuer)
    expect(await stop()).toMatchObject({ code: 0 })
  } finally {
    signal('SIGKILL')
    services.close()
    await stores.close()
    await remove()
  }
})
