import { listen } from '../listen.ts'
import type { RelyingPartyConfig } from './relying-party-config.ts'
import { relyingPartyService } from './relying-party-service.ts'

/** Runs a business system on its port of this machine, by the settings of the environment; `others` stand beside it. */
export function serve(system: RelyingPartyConfig, others: readonly RelyingPartyConfig[]): void {
  const { env } = process
  const portOf = ({ setting, port }: RelyingPartyConfig) => Number(env[`${setting}_PORT`] || port)
  const urlOf = (of: RelyingPartyConfig) => `http://localhost:${portOf(of)}`
  const secret = `${system.setting}_CLIENT_SECRET`
  const { ISSUER: issuer = 'http://localhost:3000', [secret]: clientSecret = '' } = env
  if (!clientSecret) {
    console.error(`${secret}: must be set`)
    process.exit(78)
  }
  const service = relyingPartyService(system, {
    issuer,
    clientSecret,
    baseUrl: urlOf(system),
    others: others.map((other) => ({ system: other, url: urlOf(other) })),
  })
  listen(service, portOf(system), system.words.en.service)
}
