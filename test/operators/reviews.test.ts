import { policy as policyOf } from '../../config/limits-and-lifetimes.ts'
import { reviewsMongo } from '../../src/adapters/operators/reviews-mongo.ts'
import { operatorsOf, type TestOperator } from '../support/console.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

let platform: TestPlatform
let desk: Awaited<ReturnType<typeof operatorsOf>>
let asker: TestOperator
let other: TestOperator
beforeAll(async () => {
  platform = await testPlatform()
  desk = await operatorsOf(platform)
  asker = await desk.newOperator('security')
  other = await desk.newOperator('security')
})
afterAll(() => platform.close())

/** Asks for an invitation in the console and returns the path of its review. */
async function askInvitation(name: string): Promise<string> {
  const browser = await desk.signedIn(asker)
  const fields = { name, role: 'support', reason: '新同事入职' }
  const { path, $ } = await browser.submit('/operators', '/operators/invite', fields)
  expect([path, $('.success').text().includes('已提交复核')]).toEqual(['/reviews', true])
  const { $: waiting } = await (await desk.signedIn(other)).get('/reviews')
  const item = waiting('#waiting ~ .entries > li').filter((_, li) =>
    waiting(li).text().includes(name),
  )
  return String(item.find('form').attr('action'))
}

test('an invitation takes two persons: the asker sees the link once, the decider the code once', async () => {
  const review = await askInvitation('孙工')
  const decider = await desk.signedIn(other)
  const decided = await decider.submit('/reviews', review, { reason: '已核对', action: 'approve' })
  const code = decided.$('[data-shown-once]').attr('data-shown-once') ?? ''
  expect(code).toMatch(/^\d{8}$/)
  expect((await decider.get('/reviews')).$('[data-shown-once]').length).toBe(0)
  const asking = await desk.signedIn(asker)
  const link = (await asking.get('/reviews')).$('[data-shown-once]').attr('data-shown-once') ?? ''
  expect(link).toContain(`${platform.adminUrl}/invitation/`)
  const again = await asking.get('/reviews')
  expect([again.$('[data-shown-once]').length, again.text.includes('已同意')]).toEqual([0, true])
  const found = await desk.invitations.find(String(link.split('/').at(-1)))
  expect(found).toMatchObject({ name: '孙工', role: 'support', needsActivationCode: true })
  expect(found?.sponsors).toEqual([asker.id])
})

test('the asker is not offered the decision and cannot make it', async () => {
  const review = await askInvitation('冯工')
  const browser = await desk.signedIn(asker)
  const { $ } = await browser.get('/reviews')
  expect($(`form[action="${review}"]`).length).toBe(0)
  const token = String($('input[name=token]').first().attr('value'))
  const answer = await browser.post(review, { token, reason: '自己同意', action: 'approve' })
  expect([answer.status, answer.text.includes('不能复核')]).toEqual([422, true])
})

test('neither concurrent requests nor operators whom the asker invited approve for the asker', async () => {
  const invited = await desk.newOperator('security', [asker.id])
  const theirs = await desk.newOperator('security', [invited.id, asker.id])
  const third = await desk.newOperator('security')
  const reviews = await reviewsMongo({
    connection: platform.stores.mongodb,
    encryption: platform.encryption.inMongo,
    clock: Date.now,
    policy: policyOf().operators,
  })
  const id = await reviews.ask({
    kind: 'operator-invite',
    asker: asker.id,
    reason: '测试',
    payload: { name: '褚工', role: 'support' },
  })
  const deciders = [asker, invited, theirs, other, third, other, third]
  const attempts = await Promise.all(
    deciders.map(async (operator) => {
      const found = await desk.operators.findById(operator.id)
      return found && (await reviews.begin(id, found, '同意'))
    }),
  )
  expect(attempts.slice(0, 3)).toEqual([undefined, undefined, undefined])
  const won = attempts.filter((attempt) => attempt !== undefined)
  expect(won).toHaveLength(1)
  await won[0]?.approve({})
  expect(await reviews.begin(id, { id: third.id, sponsors: [] }, '太晚')).toBeUndefined()
  expect((await reviews.find(id))?.state).toBe('approved')
})

test('a review is void after 24 hours, and one whose process died is decided again', async () => {
  let now = Date.now()
  const reviews = await reviewsMongo({
    connection: platform.stores.mongodb,
    encryption: platform.encryption.inMongo,
    clock: () => now,
    policy: policyOf().operators,
  })
  const ask = () =>
    reviews.ask({ kind: 'operator-disable', asker: asker.id, reason: '离职', payload: {} })
  const [died, late] = [await ask(), await ask()]
  const decider = { id: other.id, sponsors: [] }
  expect(await reviews.begin(died, decider, '同意')).toBeDefined()
  expect(await reviews.begin(died, decider, '同意')).toBeUndefined()
  now += 61_000
  expect(await reviews.begin(died, decider, '同意')).toBeDefined()
  now += 24 * 3600 * 1000
  expect(await reviews.begin(late, decider, '同意')).toBeUndefined()
})

test('an approval is in the audit before it is carried out, and one that fails can be decided again', async () => {
  const reviews = await reviewsMongo({
    connection: platform.stores.mongodb,
    encryption: platform.encryption.inMongo,
    clock: Date.now,
    policy: policyOf().operators,
  })
  const gone = { id: 'nobody' }
  const id = await reviews.ask({
    ...{ kind: 'operator-disable', asker: asker.id, reason: '离职', payload: gone },
  })
  const deciding = await desk.signedIn(other)
  const decision = { reason: '已核对', action: 'approve' }
  expect((await deciding.submit('/reviews', `/reviews/${id}`, decision)).status).toBe(500)
  const events = platform.stores.mongodb.collection('audit')
  expect(await events.countDocuments({ target: id, what: 'review-approved' })).toBe(1)
  expect((await reviews.find(id))?.state).toBe('waiting')
  const refusal = { reason: '没有此操作员', action: 'refuse' }
  expect((await deciding.submit('/reviews', `/reviews/${id}`, refusal)).path).toBe('/reviews')
  expect((await reviews.find(id))?.state).toBe('refused')
})

test('停用 and 拒绝: a refused review changes nothing, an approved one ends the session', async () => {
  const leaving = await desk.newOperator('support')
  const session = await desk.signedIn(leaving)
  for (const action of ['refuse', 'approve']) {
    const asking = await desk.signedIn(asker)
    const disable = `/operators/${leaving.id}/disable`
    await asking.submit(`/operators/${leaving.id}`, disable, { reason: '离职' })
    const deciding = await desk.signedIn(other)
    const { $ } = await deciding.get('/reviews')
    const item = $('#waiting ~ .entries > li').filter((_, li) =>
      $(li).text().includes(leaving.username),
    )
    await deciding.submit('/reviews', String(item.find('form').attr('action')), {
      ...{ reason: '已核对', action },
    })
    expect((await session.get('/')).path).toBe(action === 'refuse' ? '/' : '/login')
  }
})

test('a decision without 事由 is refused with 422, and both steps are in the audit', async () => {
  const review = await askInvitation('卫工')
  const deciding = await desk.signedIn(other)
  const answer = await deciding.submit('/reviews', review, { reason: ' ', action: 'approve' })
  expect([answer.status, answer.$('#reason-fault').text()]).toEqual([422, '请填写事由'])
  await deciding.submit('/reviews', review, { reason: '不需要', action: 'refuse' })
  const id = review.split('/').at(-1)
  const events = await platform.stores.mongodb.collection('audit').find({ target: id }).toArray()
  expect(events.map(({ what, operator }) => [what, operator]).sort()).toEqual([
    ['review-asked', asker.id],
    ['review-refused', other.id],
  ])
  expect(JSON.stringify(events)).not.toContain('不需要')
})
