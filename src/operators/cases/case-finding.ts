import { type MessageCode, messages, say } from '../../../config/messages.ts'
import type { Case } from '../../people/support-case.ts'

/** The meaning of a finding. The person saw one sentence for all refusals of a bank; support learns the difference. */
export function caseFinding(finding: Case['finding']): string {
  const ofBank = `cases.finding.${finding}`
  if (isMessage(ofBank)) return say('zh-CN', ofBank)
  // A limit: the sentence that the person read, without its times and numbers.
  return isMessage(finding) ? say('zh-CN', finding).replaceAll(/\{\w+\}/g, '…') : finding
}

const isMessage = (code: string): code is MessageCode => code in messages
