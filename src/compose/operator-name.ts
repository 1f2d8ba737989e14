import { hostname, userInfo } from 'node:os'

/** Who runs this process and where, for the audit: `root@server-1`. A container's user may have no name. */
export function operator(): string {
  try {
    return `${userInfo().username}@${hostname()}`
  } catch {
    return `${process.getuid?.() ?? 'somebody'}@${hostname()}`
  }
}
