import { isIP } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import type { BaseLogger } from 'pino'
import { syslogFrame } from './syslog-message.ts'

export type SyslogAddress = { readonly host: string; readonly port: number }

type Sent = { readonly frame: Buffer; readonly at: number }

/** The most messages that wait, about 15 MB. The oldest are dropped first. */
const mostWaiting = 20_000
/** Messages of so many ms before a connection broke are sent again: syslog has no acknowledgement (RFC 5425, 4.3). */
const doubtful = 30_000
const mostDoubtful = 1000
/** Pauses before another try, in ms; the last one repeats. */
const pauses = [1000, 2000, 5000, 15_000]
/** How long a server may take to connect, or to read what fills the connection, in ms. */
const patience = 30_000
/** How long `close` may take, in ms. */
const farewell = 3000

/**
 * Sends messages to a syslog server over TLS (RFC 5425) in the background. Nothing waits for it, and it never throws: what
 * cannot be sent waits, up to a bound, and is sent again; what is dropped is counted and logged.
 * @param ca certificates to trust instead of those of Node.js and NODE_EXTRA_CA_CERTS
 */
export function syslogSender(
  address: SyslogAddress,
  log: Pick<BaseLogger, 'error' | 'info'>,
  ca?: string,
): { send(message: string): void; close(): Promise<void> } {
  let waiting: Buffer[] = []
  let sent: Sent[] = []
  let [dropped, failures] = [0, 0]
  let socket: TLSSocket | undefined
  let connected = false
  let closing = false
  let whenEmpty = () => {}

  function drop(count: number): void {
    if (dropped === 0)
      log.error(address, 'the buffer for syslog is full, the oldest messages are dropped')
    dropped += count
  }

  function enqueue(frames: readonly Buffer[]): void {
    waiting = [...frames, ...waiting]
    const tooMany = waiting.length - mostWaiting
    if (tooMany > 0) drop(waiting.splice(0, tooMany).length)
  }

  function flush(): void {
    while (socket && connected && waiting.length && !socket.writableNeedDrain) {
      const frame = waiting.shift()
      if (!frame) return
      socket.write(frame)
      sent.push({ frame, at: Date.now() })
    }
    if (sent.length > mostDoubtful) sent = sent.slice(-mostDoubtful)
    if (waiting.length === 0 && !socket?.writableNeedDrain) whenEmpty()
  }

  function open(): void {
    if (closing && waiting.length === 0) return
    const opened = connect({
      ...address,
      // A server name is a DNS name only (RFC 6066, 3); the certificate is compared with `host` in both cases.
      ...(isIP(address.host) === 0 && { servername: address.host }),
      ...(ca && { ca }),
    })
    socket = opened
    opened.unref().setKeepAlive(true).resume()
    let stuck: NodeJS.Timeout | undefined
    const watch = () => {
      clearTimeout(stuck)
      stuck = setTimeout(() => {
        if (!connected || opened.writableNeedDrain) opened.destroy(new Error('does not read'))
        else watch()
      }, patience).unref()
    }
    watch()
    opened.on('secureConnect', () => {
      connected = true
      if (failures || dropped)
        log.info({ ...address, waiting: waiting.length, dropped }, 'syslog is back')
      ;[failures, dropped] = [0, 0]
      flush()
    })
    opened.on('drain', () => {
      watch()
      flush()
    })
    let reason: unknown = 'the server closed the connection'
    opened.on('error', (error) => {
      reason = error
    })
    opened.on('close', () => {
      clearTimeout(stuck)
      lose(reason)
    })
  }

  function lose(reason: unknown): void {
    connected = false
    socket = undefined
    enqueue(sent.filter(({ at }) => at > Date.now() - doubtful).map(({ frame }) => frame))
    sent = []
    if (closing) return
    if (failures === 0)
      log.error({ ...address, err: reason, waiting: waiting.length }, 'syslog is lost')
    const pause = pauses[Math.min(failures, pauses.length - 1)]
    failures += 1
    setTimeout(open, pause).unref()
  }

  open()
  return {
    send(message) {
      if (waiting.length >= mostWaiting) drop(waiting.splice(0, 1).length)
      waiting.push(syslogFrame(message))
      flush()
    },
    async close() {
      const late = timeOut(farewell)
      if (waiting.length || socket?.writableNeedDrain)
        await Promise.race([new Promise<void>((resolve) => (whenEmpty = resolve)), late.over])
      closing = true
      const left = waiting.length + dropped
      if (left) log.error({ ...address, left }, 'messages were not sent to syslog')
      const ending = socket
      if (ending && connected)
        await Promise.race([new Promise<void>((resolve) => ending.end(resolve)), late.over])
      ending?.destroy()
      late.cancel()
    },
  }
}

/** Keeps the process alive until it is over or cancelled: a command must not wait for it once everything is sent. */
function timeOut(ms: number): { readonly over: Promise<void>; cancel(): void } {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  return { over, cancel: () => clearTimeout(timer) }
}
