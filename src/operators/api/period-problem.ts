import * as z from 'zod'
import { refusalsOf } from '../../web/flow/flow-definition.ts'
import { periodRule } from '../access/time-field.ts'
import { type ApiProblem, problemOfRefusals } from './api-problem.ts'

const times = { from: z.number().optional(), to: z.number('to.missing') }

/** The problem of a period, by the rule of the console. */
export function periodProblem(period: object, now: number): ApiProblem | undefined {
  const { error } = z.object(times).check(periodRule(now)).safeParse(period)
  return error && problemOfRefusals(refusalsOf(error.issues))
}
