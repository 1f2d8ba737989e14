import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../../sandbox/ports.mjs'
import { alerts, queries } from '../support/grafana.ts'
import { ownPort } from '../support/own-port.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { projectRoot } from '../support/project-files.ts'
import { simulatedDay } from '../support/simulated-day.ts'

/** Needs the programs of Debian's package `prometheus`: `apt-get install prometheus`. */
const folder = mkdtempSync(join(tmpdir(), 'uup-prometheus-'))
const token = 'a token that has 32 characters...'
const rules = join(projectRoot, 'docs/grafana/alerts.yaml')

let platform: TestPlatform
let server: ReturnType<typeof spawn>
let url: string
beforeAll(async () => {
  platform = await testPlatform({ env: { METRICS_TOKEN: token } })
  const port = await ownPort()
  url = `http://127.0.0.1:${port}`
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [rules],
    scrape_configs: [
      {
        job_name: 'platform',
        authorization: { credentials: token },
        static_configs: [{ targets: [new URL(platform.adminUrl).host] }],
      },
    ],
  }
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config))
  server = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  )
  await once(server, 'spawn')
  await until(async () => (await resultOf('uup_hash_queue')).length > 0, patience)
  await simulatedDay(platform)
  // A rate needs two samples of each series.
  const twice = 'count_over_time(http_requests_total{status="503"}[1m]) > 1'
  await until(async () => (await resultOf(twice)).length > 0, patience)
})
afterAll(async () => {
  server?.kill()
  if (server) await once(server, 'exit')
  await platform?.close()
  rmSync(folder, { recursive: true, force: true })
})

const patience = { seconds: 60, what: 'Prometheus' }

async function resultOf(query: string): Promise<readonly unknown[]> {
  const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query })}`)
  const { status, data, error } = await response.json()
  if (status !== 'success') throw new Error(`${query}: ${error}`)
  return data.result
}

/** A comparison keeps only what is too high, which nothing is after a small day; its sides have values. */
const sidesOf = (query: string): readonly string[] =>
  query.split(/ (?:and|or) | (?:>=?|<) (?:2 \* )?/).filter((side) => !/^[\d.]+$|^absent/.test(side))

test.each(queries)('the query of %s has a result', async (_, query) => {
  await resultOf(query)
  for (const side of sidesOf(query))
    expect([side, (await resultOf(side)).length > 0]).toEqual([side, true])
})

test('Prometheus loads every alert and can evaluate it', async () => {
  execFileSync('promtool', ['check', 'rules', rules])
  const loaded = async () => {
    const { data } = await (await fetch(`${url}/api/v1/rules`)).json()
    return data.groups.flatMap((group: { rules: unknown[] }) => group.rules)
  }
  await until(
    async () => (await loaded()).every(({ health }: { health: string }) => health === 'ok'),
    patience,
  )
  expect((await loaded()).map(({ name }: { name: string }) => name)).toEqual(
    alerts.map(({ alert }) => alert),
  )
})
