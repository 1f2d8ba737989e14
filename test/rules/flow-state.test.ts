import type { FlowDefinition } from '../../src/web/flow/definition.ts'
import {
  currentStep,
  type FlowState,
  isOpen,
  newState,
  pass,
  reopen,
  stepBefore,
  stepperAt,
} from '../../src/web/flow/state.ts'
import { networkOf } from '../../src/web/visitor.ts'

type Answers = { readonly first: string; readonly second: string; readonly third: string }

const actions = { next: () => ({ invalid: [] }) }
const title = 'registration.title'
const flow: FlowDefinition<Answers, unknown> = {
  path: 'sample',
  title,
  steps: {
    first: { title, keeps: [], actions },
    second: { title, keeps: [], actions },
    third: { title, keeps: [], actions, dependsOn: ['first'] },
  },
  done: { title },
}
const steps = ['first', 'second', 'third', 'done', 'nonsense', 'toString']
const openIn = (state: ReturnType<typeof newState<Answers>>) =>
  steps.filter((step) => isOpen(flow, state, step))

type Ways = {
  readonly way: 'a' | 'b'
  readonly a: string
  readonly b: string
  readonly end: string
}

const ways: FlowDefinition<Ways, unknown> = {
  path: 'ways',
  title,
  steps: {
    way: { title: 'login.title', keeps: [], actions },
    a: { title, keeps: [], actions, dependsOn: ['way'], applies: ({ way }) => way === 'a' },
    b: { title, keeps: [], actions, dependsOn: ['way'], applies: ({ way }) => way === 'b' },
    end: { title: 'consent.title', keeps: [], actions, dependsOn: ['a', 'b'] },
  },
  done: { title: 'loggedOut.title' },
}

test('of two ways only the chosen one is open, and choosing again closes what was behind it', () => {
  const opened = (state: FlowState<Ways>) =>
    ['way', 'a', 'b', 'end', 'done'].filter((step) => isOpen(ways, state, step))
  const start = newState<Ways>()
  expect(opened(start)).toEqual(['way'])
  const chosen = pass(ways, start, 'way', 'b', 0)
  expect(opened(chosen)).toEqual(['way', 'b'])
  const proved = pass(ways, chosen, 'b', 'right', 0)
  expect(opened(proved)).toEqual(['way', 'b', 'end'])
  expect(stepBefore(ways, proved, 'end')).toBe('b')
  expect(stepBefore(ways, proved, 'b')).toBe('way')
  const again = pass(ways, proved, 'way', 'a', 0)
  expect(opened(again)).toEqual(['way', 'a'])
  expect(opened(reopen(ways, proved, 'way'))).toEqual(['way'])
})

test('both ways stand in one place at the top of the page', () => {
  const titles = ['login.title', title, 'consent.title', 'loggedOut.title']
  expect(stepperAt(ways, 'a')).toEqual({ titles, at: 1 })
  expect(stepperAt(ways, 'b')).toEqual({ titles, at: 1 })
  expect(stepperAt(ways, 'done')).toEqual({ titles, at: 3 })
})

test('steps are earned one after the other, and after the end only the end is open', () => {
  const start = newState<Answers>()
  expect(openIn(start)).toEqual(['first'])
  const one = pass(flow, start, 'first', 'a', 0)
  expect(openIn(one)).toEqual(['first', 'second'])
  const two = pass(flow, one, 'second', 'b', 0)
  expect(openIn(two)).toEqual(['first', 'second', 'third'])
  const three = pass(flow, two, 'third', 'c', 7)
  expect(openIn(three)).toEqual(['done'])
  expect(three).toMatchObject({ answers: {}, drafts: {}, done: { result: 'c', at: 7 } })
})

test('a changed answer voids what depended on it, the same one voids nothing', () => {
  const state: FlowState<Answers> = { ...newState<Answers>(), answers: { first: 'a', third: 'c' } }
  expect(pass(flow, state, 'first', 'a', 0).answers).toEqual({ first: 'a', third: 'c' })
  expect(pass(flow, state, 'first', 'x', 0).answers).toEqual({ first: 'x' })
})

test('a step that is opened again is the next one, and later answers stay', () => {
  const state: FlowState<Answers> = { ...newState<Answers>(), answers: { first: 'a', second: 'b' } }
  const again = reopen(flow, state, 'first')
  expect(currentStep(flow, again)).toBe('first')
  expect(again.answers).toEqual({ second: 'b' })
})

test('no two flows make the same record', () => {
  expect(newState().subject).not.toBe(newState().subject)
})

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('%s counts as %s', (ip, network) => {
  expect(networkOf(ip)).toBe(network)
})
