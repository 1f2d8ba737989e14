import { hostname, userInfo } from 'node:os'

/** The name of the operator in the audit: user and host of this process, such as `root@server-1`. */
export function operatorName(): string {
  try {
    return `${userInfo().username}@${hostname()}`
  } catch {
    // The user of a container may have no entry in /etc/passwd.
    return `${process.getuid?.() ?? 'somebody'}@${hostname()}`
  }
}
