import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:tls'
import type { Certificate } from './certificates.ts'

export type ReceivedMessage = {
  readonly priority: number
  readonly kind: string
  readonly process: string
  readonly values: Readonly<Record<string, string>>
  readonly text: string
}

/** RFC 5424, 6: header, one element of structured data, text. */
const message =
  /^<(\d{1,3})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) \[audit@32473((?: [\w-]{1,32}="(?:[^"\\\]]|\\["\\\]])*")*)\](?: (.*))?$/su

function parsed(text: string): ReceivedMessage {
  const [, priority, , , , process = '', kind = '', data = '', rest = ''] = message.exec(text) ?? []
  if (!priority) throw new Error(`no syslog message: ${text}`)
  const pairs = [...data.matchAll(/ ([\w-]+)="((?:[^"\\\]]|\\["\\\]])*)"/g)]
  const values = pairs.map(([, name, value = '']) => [name, value.replaceAll(/\\(["\\\]])/g, '$1')])
  return {
    priority: Number(priority),
    kind,
    process,
    values: Object.fromEntries(values),
    text: rest,
  }
}

/** A syslog server over TLS that reads frames octet by octet (RFC 5425, 4.3) and fails at anything else. */
export async function syslogServer({ cert, key }: Certificate, port = 0, reads = true) {
  const received: ReceivedMessage[] = []
  const problems: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer({ cert, key }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    let bytes: Buffer = Buffer.alloc(0)
    if (!reads) socket.pause()
    else
      socket.on('data', (chunk) => {
        bytes = Buffer.concat([bytes, chunk as Buffer])
        for (;;) {
          const space = bytes.indexOf(' ')
          if (space < 0) return
          const length = bytes.subarray(0, space).toString('latin1')
          if (!/^[1-9]\d*$/.test(length)) {
            problems.push(`no frame: ${bytes}`)
            return
          }
          const end = space + 1 + Number(length)
          if (bytes.length < end) return
          try {
            received.push(parsed(bytes.subarray(space + 1, end).toString('utf8')))
          } catch (error) {
            problems.push(String(error))
          }
          bytes = bytes.subarray(end)
        }
      })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    received,
    problems,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
