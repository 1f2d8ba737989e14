import { type MessageCode, messages, say } from '../../../config/messages.ts'

/** The name of a limit in Chinese: its kind and its subject, e.g. `短信验证码：同一网络`. */
export function limitName(limit: string): string {
  const whole = `limitName.${limit}`
  if (isMessage(whole)) return say('zh-CN', whole)
  const [kind, subject] = limit.split('.')
  const [ofKind, ofSubject] = [`limitKind.${kind}`, `limitSubject.${subject}`]
  if (!isMessage(ofKind)) return limit
  const name = say('zh-CN', ofKind)
  return isMessage(ofSubject) ? `${name}：${say('zh-CN', ofSubject)}` : name
}

const isMessage = (code: string): code is MessageCode => code in messages
