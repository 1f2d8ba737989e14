import { listen } from '../listen.ts'
import type { RelyingPartyConfig } from './relying-party-config.ts'
import { relyingPartyService } from './relying-party-service.ts'

/** Runs a relying party on its port, with settings from the environment. Its pages link to `others`. */
export function serve(config: RelyingPartyConfig, others: readonly RelyingPartyConfig[]): void {
  const { env } = process
  const portOf = ({ setting, port }: RelyingPartyConfig) => Number(env[`${setting}_PORT`] || port)
  const urlOf = (of: RelyingPartyConfig) => `http://localhost:${portOf(of)}`
  const secret = `${config.setting}_CLIENT_SECRET`
  const { ISSUER: issuer = 'http://localhost:3000', [secret]: clientSecret = '' } = env
  if (!clientSecret) {
    console.error(`${secret}: must be set`)
    process.exit(78)
  }
  const service = relyingPartyService(config, {
    issuer,
    clientSecret,
    baseUrl: urlOf(config),
    others: others.map((other) => ({ config: other, url: urlOf(other) })),
  })
  listen(service, portOf(config), config.words.en.service)
}
