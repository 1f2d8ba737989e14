import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parseAllDocuments } from 'yaml'
import { settings } from '../../config/environment/settings.ts'

const run = promisify(execFile)
const file = 'deploy/kubernetes.yaml'
const manifests = parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS())
const ofKind = (kind: string) => manifests.find((manifest) => manifest.kind === kind)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uup-kubernetes-'))
  // It carries the schemas of Kubernetes' own OpenAPI description, in which an unknown field is an error.
  const pip = ['-m', 'pip', 'install', '--quiet', '--target', folder]
  await run('python3', [...pip, 'kubernetes-validate==1.37.0'])
})
afterAll(() => rm(folder, { recursive: true }))

const check = (path: string) =>
  run('python3', [join(folder, 'bin/kubernetes-validate'), '--strict', path], {
    env: { ...process.env, PYTHONPATH: folder },
  })

test('the manifests are valid', async () => {
  await check(file)
  const kinds = manifests.map(({ kind }) => kind)
  for (const kind of ['Deployment', 'PodDisruptionBudget', 'NetworkPolicy', 'Service'])
    expect(kinds).toContain(kind)
})

test('a manifest with an unknown field is invalid', async () => {
  const wrong = join(folder, 'wrong.yaml')
  const text = readFileSync(file, 'utf8').replace(
    'readOnlyRootFilesystem',
    'readonlyRootFilesystem',
  )
  await writeFile(wrong, text)
  await expect(check(wrong)).rejects.toMatchObject({
    stdout: expect.stringContaining('readonlyRootFilesystem'),
  })
})

test('the container has no root, no capability and no writable file but those in memory', () => {
  const { spec } = ofKind('Deployment').spec.template
  const [container] = spec.containers
  expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 })
  expect(container.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  })
  expect(spec.automountServiceAccountToken).toBe(false)
  expect(container.image).toMatch(/@sha256:[0-9a-f]{64}$/)
})

test('the settings exist, and the probes ask what each of them is for', () => {
  const [container] = ofKind('Deployment').spec.template.spec.containers
  const names = container.env.map(({ name }: { name: string }) => name.replace(/_FILE$/, ''))
  const known = Object.keys(settings.shape)
  for (const name of names)
    expect(known.some((each) => [name, `${name}_FILE`].includes(each))).toBe(true)
  expect(container.readinessProbe.httpGet.path).toBe('/health/ready')
  expect(container.livenessProbe.httpGet.path).toBe('/health/live')
})

test('the console has a service of its own, and only proxies and known networks are let through', () => {
  const services = manifests.filter(({ kind }) => kind === 'Service')
  const [container] = ofKind('Deployment').spec.template.spec.containers
  const ports = services.map(({ spec }) => spec.ports.map(({ targetPort }: never) => targetPort))
  expect(ports).toEqual([['http'], ['console']])
  const env = Object.fromEntries(
    container.env.map(({ name, value }: Record<string, string>) => [name, value]),
  )
  const { port: syslogPort } = new URL(env['AUDIT_SYSLOG'])
  const { ingress, egress } = ofKind('NetworkPolicy').spec
  type Rule = { readonly ports: readonly { readonly port: number }[] }
  const portsOf = (rules: readonly Rule[]) =>
    rules.flatMap((rule) => rule.ports.map(({ port }) => String(port)))
  expect(portsOf(ingress)).toEqual(['3000', env['ADMIN_PORT']])
  expect(portsOf(egress)).toContain(syslogPort)
})
