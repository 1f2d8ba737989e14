import { parse } from 'yaml'
import { projectFile } from '../support/project-files.ts'

const dockerfile = projectFile('Dockerfile').text
const stages = [...dockerfile.matchAll(/^FROM (\S+) AS (\S+)\n((?:(?!FROM ).*\n)*)/gm)].map(
  ([, from = '', name = '', body = '']) => ({ from, name, body }),
)
const stageNames = new Set(stages.map(({ name }) => name))

test('every image is built on one base image, which is pinned by digest', () => {
  expect(stages.length).toBeGreaterThan(3)
  const bases = stages.map(({ from }) => from).filter((from) => !stageNames.has(from))
  expect(bases).toEqual(['$' + '{NODE_IMAGE}'])
  expect(dockerfile).toMatch(/^ARG NODE_IMAGE=node:\d+\.\d+\.\d+-slim@sha256:[\da-f]{64}$/m)
  // Such a line would load one more image, by its tag.
  expect(dockerfile).not.toMatch(/^# *syntax=/im)
})

test.each(['production', 'sandbox'])('the image %s runs as a user other than root', (target) => {
  const users = stages.find(({ name }) => name === target)?.body.match(/^USER .+$/gm)
  expect(users).toEqual(['USER 1000:1000'])
})

test('every container of the compose file runs rootless, read-only and without capabilities', () => {
  const { services } = parse(projectFile('docker-compose.yml').text, { merge: true })
  expect(Object.keys(services)).toContain('sandbox')
  for (const [name, service] of Object.entries<Record<string, unknown>>(services)) {
    // An image that is built here names its user in the Dockerfile.
    const user = service['build'] ? '1000:1000' : service['user']
    expect({ name, ...service, user }).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      user: expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/),
    })
    expect(service).not.toHaveProperty('privileged')
    expect(service).not.toHaveProperty('cap_add')
  }
})
