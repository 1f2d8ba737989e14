import { interactionPolicy } from 'oidc-provider'
import { missingLevel } from './requested-acr.ts'

const { Check, Prompt } = interactionPolicy

/** 验证身份: a sign-in is lifted to what `acr_values` or the `claims` parameter ask for. */
export const stepUpPrompt = () =>
  new Prompt(
    { name: 'step_up' },
    (ctx) => ({ level: missingLevel(ctx) }),
    new Check(
      'acr_missing',
      'the requested ACR was not reached',
      'interaction_required',
      (ctx) => missingLevel(ctx) !== undefined,
    ),
  )
