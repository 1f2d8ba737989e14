import { operatorsCommand } from '../../src/cli/operators-command.ts'

/** Two of each role whose acts take two persons. */
const invited = [
  ['support', '客服小李'],
  ['security', '安全管理员王工'],
  ['security', '安全管理员赵工'],
  ['system', '系统管理员张工'],
  ['system', '系统管理员陈工'],
  ['auditor', '审计员周工'],
  ['auditor', '审计员吴工'],
] as const

/** Prints a one-time link for each of the sandbox's operators, e.g. `support http://localhost:3004/invitation/…`. */
for (const [role, name] of invited) {
  const status = await operatorsCommand({
    typed: ['invite', '--name', name, '--role', role],
    env: process.env,
    out: (link) => console.log(`${role} ${link}`),
    errors: (line) => console.error(line),
  })
  if (status !== 0) process.exit(status)
}
