import { networkOf } from '../../src/people/network.ts'
import type { FlowDefinition } from '../../src/web/flow/flow-definition.ts'
import {
  currentStep,
  type FlowState,
  isOpen,
  newState,
  pass,
  reopen,
  stepBefore,
  stepperAt,
} from '../../src/web/flow/flow-state.ts'

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
const openSteps = (state: ReturnType<typeof newState<Answers>>) =>
  steps.filter((step) => isOpen(flow, state, step))

type BranchingAnswers = {
  readonly way: 'a' | 'b'
  readonly a: string
  readonly b: string
  readonly end: string
}

const branchingFlow: FlowDefinition<BranchingAnswers, unknown> = {
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

test('only the chosen branch is open, and choosing again closes the steps after it', () => {
  const openBranchingSteps = (state: FlowState<BranchingAnswers>) =>
    ['way', 'a', 'b', 'end', 'done'].filter((step) => isOpen(branchingFlow, state, step))
  const start = newState<BranchingAnswers>()
  expect(openBranchingSteps(start)).toEqual(['way'])
  const chosen = pass(branchingFlow, start, 'way', 'b', 0)
  expect(openBranchingSteps(chosen)).toEqual(['way', 'b'])
  const passed = pass(branchingFlow, chosen, 'b', 'right', 0)
  expect(openBranchingSteps(passed)).toEqual(['way', 'b', 'end'])
  expect(stepBefore(branchingFlow, passed, 'end')).toBe('b')
  expect(stepBefore(branchingFlow, passed, 'b')).toBe('way')
  const again = pass(branchingFlow, passed, 'way', 'a', 0)
  expect(openBranchingSteps(again)).toEqual(['way', 'a'])
  expect(openBranchingSteps(reopen(branchingFlow, passed, 'way'))).toEqual(['way'])
})

test('both branches share one position in the stepper', () => {
  const titles = ['login.title', title, 'consent.title', 'loggedOut.title']
  expect(stepperAt(branchingFlow, 'a')).toEqual({ titles, at: 1 })
  expect(stepperAt(branchingFlow, 'b')).toEqual({ titles, at: 1 })
  expect(stepperAt(branchingFlow, 'done')).toEqual({ titles, at: 3 })
})

test('each passed step opens the next one, and a finished flow opens only its end', () => {
  const start = newState<Answers>()
  expect(openSteps(start)).toEqual(['first'])
  const one = pass(flow, start, 'first', 'a', 0)
  expect(openSteps(one)).toEqual(['first', 'second'])
  const two = pass(flow, one, 'second', 'b', 0)
  expect(openSteps(two)).toEqual(['first', 'second', 'third'])
  const three = pass(flow, two, 'third', 'c', 7)
  expect(openSteps(three)).toEqual(['done'])
  expect(three).toMatchObject({ answers: {}, drafts: {}, done: { result: 'c', at: 7 } })
})

test('a changed answer drops the answers that depend on it, and an unchanged one drops nothing', () => {
  const state: FlowState<Answers> = { ...newState<Answers>(), answers: { first: 'a', third: 'c' } }
  expect(pass(flow, state, 'first', 'a', 0).answers).toEqual({ first: 'a', third: 'c' })
  expect(pass(flow, state, 'first', 'x', 0).answers).toEqual({ first: 'x' })
})

test('a reopened step becomes the current one, and later answers are kept', () => {
  const state: FlowState<Answers> = { ...newState<Answers>(), answers: { first: 'a', second: 'b' } }
  const again = reopen(flow, state, 'first')
  expect(currentStep(flow, again)).toBe('first')
  expect(again.answers).toEqual({ second: 'b' })
})

test('each new flow has its own subject', () => {
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
])('%s belongs to the network %s', (ip, network) => {
  expect(networkOf(ip)).toBe(network)
})
