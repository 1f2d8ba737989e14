/** Whether a store takes writes, as seen by a process: `up`, or a short reason. */
export type StoreState = string

export type StoreName = 'mongodb' | 'redis'

export type ProcessReport = {
  /** The id of the process as long as it runs. */
  readonly process: string
  readonly found: Readonly<Record<StoreName, StoreState>>
}

/** The reports in one store by which processes tell each other the state of both stores. */
export type ProcessReports = {
  /** Replaces the process's last report by a durable write, which shows that the store takes writes. */
  write(report: ProcessReport): Promise<void>
  /** The reports of the last 15 seconds, of all processes. */
  latest(): Promise<readonly ProcessReport[]>
  /** Says why the store took no write; without an error, it answered too late. */
  describe(error?: unknown): StoreState
}

/** The time in ms for which a report is valid. */
export const reportLifetime = 15_000
