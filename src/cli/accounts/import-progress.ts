import { existsSync } from 'node:fs'
import { open, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { Refused } from '../operator-command.ts'

/** How far an import has come. Everything before is stored and reported. */
export type Progress = {
  /** The size of the file in bytes, by which another file with its name is recognised. */
  readonly size: number
  /** Lines that were read, without empty ones and the names of CSV, and the number of the last one. */
  readonly read: number
  readonly line: number
  readonly imported: number
  readonly known: number
  readonly refused: number
  /** The length of the report in bytes. */
  readonly report: number
}

const none = { read: 0, line: 0, imported: 0, known: 0, refused: 0, report: 0 }

/** The report and the progress of an import, in files beside the imported one. */
export function importFiles(file: string) {
  const reportFile = `${file}.report.ndjson`
  const progressFile = `${file}.progress.json`

  /** A kill leaves the old or the new progress, never a part of it. */
  async function keep(progress: Progress): Promise<void> {
    await writeFile(`${progressFile}.new`, JSON.stringify(progress), { flush: true })
    await rename(`${progressFile}.new`, progressFile)
  }

  return {
    reportFile,

    /** Throws `Refused` if an import of the file was interrupted and is not to be resumed. */
    async begin(isResumed: boolean, isDryRun: boolean): Promise<Progress> {
      const { size } = await stat(file)
      if (!existsSync(progressFile)) {
        await rm(reportFile, { force: true })
        if (!isDryRun) await keep({ size, ...none })
        return { size, ...none }
      }
      const progress = JSON.parse(await readFile(progressFile, 'utf8')) as Progress
      if (!isResumed || isDryRun)
        throw new Refused(
          `the import of ${file} was interrupted after line ${progress.line}: continue it with --resume`,
        )
      if (progress.size !== size)
        throw new Refused(
          `${file} has changed since its import was interrupted: restore it, or remove ${progressFile} to begin again`,
        )
      // Lines that were reported after the progress was kept will be reported again.
      if (existsSync(reportFile)) await truncate(reportFile, progress.report)
      return progress
    },

    /** Adds lines to the report, then keeps the progress. Returns it with the length of the report. */
    async advance(
      progress: Progress,
      reported: readonly object[],
      isDryRun: boolean,
    ): Promise<Progress> {
      const lines = Buffer.from(reported.map((line) => `${JSON.stringify(line)}\n`).join(''))
      if (lines.length) {
        const report = await open(reportFile, 'a')
        await report.writeFile(lines)
        await report.sync()
        await report.close()
      }
      const next = { ...progress, report: progress.report + lines.length }
      if (!isDryRun) await keep(next)
      return next
    },

    finish: () => rm(progressFile, { force: true }),
  }
}
