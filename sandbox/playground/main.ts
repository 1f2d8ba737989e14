import { playground } from '../clients.mjs'
import { listen } from '../listen.ts'
import { playgroundService } from './playground.ts'

const {
  PLAYGROUND_PORT: port = '3003',
  ISSUER: issuer = 'http://localhost:3000',
  PLAYGROUND_CLIENT_SECRET: clientSecret = '',
} = process.env
if (!clientSecret) {
  console.error('PLAYGROUND_CLIENT_SECRET: must be set')
  process.exit(78)
}

const baseUrl = `http://localhost:${port}`
listen(
  playgroundService({ issuer, clientId: playground.id, clientSecret, baseUrl }),
  Number(port),
  'Playground',
)
