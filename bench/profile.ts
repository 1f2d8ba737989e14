import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

type CpuProfile = {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string }
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

/** Reads the only processor profile in a folder: the share of each module in the last seconds before the process ended. */
export function topOfProfile(folder: string, seconds: number, most = 25) {
  const [file = ''] = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'))
  const path = join(folder, file)
  const { nodes, samples, timeDeltas }: CpuProfile = JSON.parse(readFileSync(path, 'utf8'))
  const moduleById = new Map(nodes.map(({ id, callFrame }) => [id, moduleOf(callFrame)]))
  const times = new Map<string, number>()
  let left = seconds * 1e6
  for (let at = samples.length - 1; at >= 0 && left > 0; at -= 1) {
    const took = timeDeltas[at] ?? 0
    const name = moduleById.get(samples[at] ?? 0) ?? ''
    if (name !== '(idle)') times.set(name, (times.get(name) ?? 0) + took)
    left -= took
  }
  const all = [...times.values()].reduce((sum, one) => sum + one, 0)
  const top = [...times].toSorted(([, one], [, other]) => other - one).slice(0, most)
  return { path, top: top.map(([name, took]) => ({ name, share: took / all })) }
}

/** The package, the file of ours, the module of Node.js, or what the engine itself does. */
function moduleOf({ functionName, url }: { functionName: string; url: string }): string {
  const installed = url.split('/node_modules/').at(-1)
  if (url.includes('/node_modules/') && installed)
    return installed
      .split('/')
      .slice(0, installed.startsWith('@') ? 2 : 1)
      .join('/')
  if (url.startsWith('node:')) return url
  if (url) return url.replace(/^.*\/dist\//, '')
  return functionName || '(anonymous)'
}
