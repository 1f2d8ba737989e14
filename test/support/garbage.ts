import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/** Collects garbage ten times a second until the returned function is called. */
export function collectingGarbage(): () => void {
  const collecting = setInterval(collect, 100)
  return () => clearInterval(collecting)
}
