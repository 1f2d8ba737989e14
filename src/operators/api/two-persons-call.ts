import type { ApiRoute } from './api-access.ts'
import { type ApiCall, apiCall } from './api-call.ts'

/** A call that exists in order to say that the API does not do this. */
export const twoPersonsCall = (route: ApiRoute, summary: string): ApiCall =>
  apiCall({
    ...{ route, summary },
    problems: ['two-persons'],
    run: async () => ({ name: 'two-persons', detail: 'adminApi.twoPersons.detail' }),
  })
