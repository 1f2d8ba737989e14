import { acr } from '../../config/acr.ts'
import { realNameFlow } from '../../src/sso/real-name/real-name-flow.ts'
import type { Journey } from './every-flow.ts'
import { samplePerson } from './people.ts'
import { personAtForms } from './person-at-forms.ts'
import type { TestPlatform } from './platform.ts'
import { bankFields, signInFields } from './registering.ts'
import { asking } from './step-up-journeys.ts'
import { importPerson } from './unproved.ts'

/** 实名认证 after the right password of an imported registration. */
export const realNameJourney = (platform: TestPlatform): Journey => ({
  flow: realNameFlow,
  name: '实名认证',
  async begin() {
    const person = samplePerson()
    await importPerson(platform, person)
    await platform.issueCard(person)
    const at = personAtForms()
    const login = await at.open(asking(platform, acr.password))
    const page = await at.send(login, signInFields(person))
    const fields = { ...bankFields(person), agreement: 'yes' }
    return {
      ...{ at, page, way: [{ step: 'bank', fields, code: person.phone }] },
      goesOn: platform.exam.url,
    }
  },
})
