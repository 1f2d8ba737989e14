import fc from 'fast-check'
import {
  partOf,
  type VerifiedClaimName,
  verifiedClaimNames,
  verifiedScopeClaims,
} from '../../config/claims/verified-claims.ts'
import type { Individual, Organisation } from '../../src/people/account.ts'
import { verifiedFacts } from '../../src/people/verified-facts.ts'
import {
  allowedNames,
  type ClaimLimits,
  namesByScope,
} from '../../src/sso/consent/verified-claims/allowed-verified-claims.ts'
import {
  type VerifiedClaims,
  verifiedClaims,
} from '../../src/sso/consent/verified-claims/verified-answer.ts'
import {
  readVerifiedRequest,
  requestByScope,
  type VerifiedRequests,
} from '../../src/sso/consent/verified-claims/verified-request.ts'
import { foreigners, permitHolders, residents } from '../support/id-numbers.ts'
import { requestComplaints, schemaComplaints } from '../support/verified-claims-schema.ts'

const now = Date.parse('2026-11-26T08:00:00Z')
const provedAt = Date.parse('2026-11-25T08:00:00.123Z')
const today = '2026-11-26'
const account = '6217001234560000007'

const common = {
  id: 'an-account',
  username: 'Zhang.San',
  passwordHash: '',
  phone: '+8613800000000',
  card: { bank: '建设银行', masked: '6217 **** **** 0007', provedAt },
  consent: { wording: '我同意将银行账号仅用于核验身份', at: provedAt },
  registeredAt: provedAt,
  version: 1,
} as const
const person: Individual = {
  ...common,
  kind: 'individual',
  name: '𠮷田·阿卜杜拉',
  document: { type: 'resident_id', number: '11010519491231002X' },
  gender: 'female',
  birthdate: '1949-12-31',
}
const unit: Organisation = {
  ...common,
  kind: 'organisation',
  name: '林小满',
  document: person.document,
  unit: {
    name: '某公司',
    code: '91350200776049653A',
    legalRepresentative: '林小满',
    legalRepresentativeIdNumber: person.document.number,
  },
  confirmedAt: provedAt,
}

const everything = [...verifiedClaimNames]
const all: VerifiedRequests = requestByScope(everything)
const ask = (request: unknown, names: readonly VerifiedClaimName[] = everything, who = person) => {
  const read = readVerifiedRequest(request)
  if (!read) throw new Error('not a request')
  expect(requestComplaints(request)).toEqual([])
  const answer = verifiedClaims(who, read, { clientId: 'exam', names }, now)
  expect(answer === undefined ? [] : schemaComplaints(answer)).toEqual([])
  return answer
}

/** A request with this verification beside the trust framework, for the name. */
const verifying = (verification: object, claims: object | null = { name: null }) => ({
  verification: { trust_framework: null, ...verification },
  claims,
})

describe('the facts that a bank check proves', () => {
  const holders = fc.oneof(
    residents.map((bearer) => ({ type: 'resident_id' as const, ...bearer })),
    permitHolders.map((bearer) => ({ type: 'hmt_residence_permit' as const, ...bearer })),
    foreigners.map((bearer) => ({ type: 'foreigner_residence_id' as const, ...bearer })),
  )

  test('include sex, birth date and age where the document number contains them', () => {
    fc.assert(
      fc.property(holders, ({ type, number, birthdate, gender }) => {
        const facts = verifiedFacts({ ...person, document: { type, number } }, today)
        expect(facts).toMatchObject({ birthdate, gender })
        const turns18 = new Date(`${birthdate}T00:00:00Z`)
        turns18.setUTCFullYear(turns18.getUTCFullYear() + 18)
        expect(facts.over_18).toBe(Date.parse(today) >= turns18.getTime())
      }),
    )
  })

  test.each([
    ['passport', 'E12345678'],
    ['hk_macau_permit', 'H1234567801'],
    ['taiwan_permit', '12345678'],
    ['foreigner_residence_id', 'ABC123456789012'],
  ] as const)('do not include them for %s, although the person typed them', (type, number) => {
    const facts = verifiedFacts({ ...person, document: { type, number } }, today)
    expect(Object.keys(facts).sort()).toEqual(
      ['id_number', 'id_number_last4', 'id_type', 'name', 'name_masked', 'phone_number'].sort(),
    )
  })

  test('count somebody born on 29 February as 18 from 1 March', () => {
    const born = { type: 'resident_id', number: '110105200402290012' } as const
    const of = (day: string) => verifiedFacts({ ...person, document: born }, day).over_18
    expect([of('2022-02-28'), of('2022-03-01')]).toEqual([false, true])
  })

  test('include the masked and shortened forms of name and number', () => {
    expect(verifiedFacts(person, today)).toMatchObject({
      name_masked: '𠮷**',
      id_number_last4: '002X',
      over_18: true,
    })
  })

  test('are not disclosed for a unit, because its handler does not claim an identity', () => {
    expect(verifiedClaims(unit, all, { clientId: 'exam', names: everything }, now)).toBeUndefined()
  })
})

describe('an answer', () => {
  test('to the scope contains the whole verification, but never the bank account', () => {
    const answer = verifiedClaims(person, all, { clientId: 'exam', names: everything }, now)
    expect(answer).toMatchObject({
      verification: {
        trust_framework: 'cn_bank_card',
        assurance_level: 'four_elements',
        time: '2026-11-25T08:00:00Z',
        evidence: [
          {
            type: 'electronic_record',
            check_details: [
              { check_method: 'data', organization: '建设银行', time: '2026-11-25T08:00:00Z' },
            ],
            record: { type: 'bank_account', source: { name: '建设银行' } },
          },
        ],
      },
      claims: { name: person.name, id_number: person.document.number, birthdate: '1949-12-31' },
    })
    expect(schemaComplaints(answer)).toEqual([])
    for (const digits of [account, account.slice(-4), '6217'])
      expect(JSON.stringify(answer)).not.toContain(digits)
  })

  test('has a txn that differs between clients and between bank checks', () => {
    const txn = (clientId: string, who = person) => {
      const disclosed = verifiedClaims(who, all, { clientId, names: everything }, now)
      return (disclosed as unknown as { verification: { txn: string } }).verification.txn
    }
    const later = { ...person, card: { ...person.card, provedAt: provedAt + 1 } }
    expect(txn('exam')).toBe(txn('exam'))
    expect(new Set([txn('exam'), txn('shop'), txn('exam', later)]).size).toBe(3)
  })

  test('contains only the requested members of the verification', () => {
    expect(ask(verifying({}))).toEqual({
      verification: { trust_framework: 'cn_bank_card' },
      claims: { name: person.name },
    })
    const evidence = [{ type: { value: 'electronic_record' }, record: { type: null } }]
    expect(ask(verifying({ evidence, unheard_of: null, assurance_level: null }))).toEqual({
      verification: {
        trust_framework: 'cn_bank_card',
        assurance_level: 'four_elements',
        evidence: [{ type: 'electronic_record', record: { type: 'bank_account' } }],
      },
      claims: { name: person.name },
    })
  })

  test('is valid for every combination of requested members', () => {
    const record = { source: { name: null } }
    const check = { organization: null }
    const type = { value: 'electronic_record' }
    expect(ask(verifying({ evidence: [{ type, record, check_details: [check] }] }))).toEqual({
      verification: {
        trust_framework: 'cn_bank_card',
        evidence: [
          {
            type: 'electronic_record',
            record: { type: 'bank_account', source: { name: '建设银行' } },
            check_details: [{ check_method: 'data', organization: '建设银行' }],
          },
        ],
      },
      claims: { name: person.name },
    })
    const single = fc.subarray(['check_method', 'organization', 'check_id', 'time'], {
      minLength: 1,
    })
    const ofRecord = fc.subarray(['type', 'source'])
    const ofSource = fc.subarray(['name', 'country_code'])
    const nulls = (names: readonly string[]) =>
      Object.fromEntries(names.map((name) => [name, null]))
    fc.assert(
      fc.property(single, ofRecord, ofSource, (checks, records, sources) => {
        const asked = {
          ...nulls(records),
          ...(records.includes('source') && { source: nulls(sources) }),
        }
        const evidence = [{ type, record: asked, check_details: [nulls(checks)] }]
        // `ask` validates request and answer against the schemas.
        expect(ask(verifying({ evidence }))).toBeDefined()
      }),
    )
  })

  test('is an object for an object and a list for a list, without the elements that can not be disclosed', () => {
    const other = { verification: { trust_framework: { value: 'eidas' } }, claims: { name: null } }
    const answers = ask([verifying({}), other, verifying({ time: null }, { id_type: null })])
    expect(answers).toEqual([
      { verification: { trust_framework: 'cn_bank_card' }, claims: { name: person.name } },
      {
        verification: { trust_framework: 'cn_bank_card', time: '2026-11-25T08:00:00Z' },
        claims: { id_type: 'resident_id' },
      },
    ])
    expect(ask([other, other])).toBeUndefined()
  })

  test('is never a verification without claims', () => {
    expect(ask(verifying({}, null))).toBeUndefined()
  })

  test.each([
    ['another trust framework', { trust_framework: { value: 'eidas' } }],
    ['one of several other trust frameworks', { trust_framework: { values: ['eidas', 'de_aml'] } }],
    ['another level', { assurance_level: { value: 'high' } }],
    ['a more recent check', { time: { max_age: 3600 } }],
    ['another kind of evidence', { evidence: [{ type: { value: 'document' } }] }],
    [
      'another method',
      {
        evidence: [
          {
            type: { value: 'electronic_record' },
            check_details: [{ check_method: { value: 'pipp' } }],
          },
        ],
      },
    ],
    [
      'another record',
      {
        evidence: [
          { type: { value: 'electronic_record' }, record: { type: { value: 'mortgage' } } },
        ],
      },
    ],
    [
      'another bank',
      {
        evidence: [
          {
            type: { value: 'electronic_record' },
            record: { source: { name: { value: '工商银行' } } },
          },
        ],
      },
    ],
    ['an unknown member', { assurance_process: { policy: { value: 'gpg45' } } }],
  ])('is left out as a whole when the request requires %s', (_, verification) => {
    expect(ask(verifying(verification))).toBeUndefined()
  })

  test.each([
    ['one of several trust frameworks', { trust_framework: { values: ['eidas', 'cn_bank_card'] } }],
    ['a check at most a day old', { time: { max_age: 24 * 3600, essential: true } }],
    ['the level of the check', { assurance_level: { value: 'four_elements' } }],
    [
      'any of several kinds of evidence',
      {
        evidence: [
          { type: { value: 'document' } },
          {
            type: { value: 'electronic_record' },
            check_details: [{ check_method: { value: 'data' }, time: { max_age: 24 * 3600 } }],
          },
        ],
      },
    ],
  ])('is given when the request requires %s', (_, verification) => {
    expect(ask(verifying(verification))).toMatchObject({ claims: { name: person.name } })
  })

  test('leaves out a claim without a requested value, and is empty when no claim is left', () => {
    const claims = { name: { value: '别人' }, id_type: { values: ['passport', 'resident_id'] } }
    expect(ask(verifying({}, claims))).toMatchObject({ claims: { id_type: 'resident_id' } })
    expect(JSON.stringify(ask(verifying({}, claims)))).not.toContain(person.name)
    expect(ask(verifying({}, { name: { value: '别人' } }))).toBeUndefined()
    expect(ask(verifying({}, { nickname: null }))).toBeUndefined()
  })
})

test.each([
  ['null', null],
  ['a text', 'name'],
  ['without a trust framework', { verification: {}, claims: { name: null } }],
  ['without claims', { verification: { trust_framework: null } }],
  ['without a verification', { claims: { name: null } }],
  ['for no claim', verifying({}, {})],
  ['for the claim __proto__', verifying({}, JSON.parse('{"__proto__":null}'))],
  ['with a third member', { ...verifying({}), more: null }],
  ['with evidence without a type', verifying({ evidence: [{}] })],
  ['with evidence of several types', verifying({ evidence: [{ type: { values: ['vouch'] } }] })],
  ['with an empty list of evidence', verifying({ evidence: [] })],
  ['with null as evidence', verifying({ evidence: null })],
  ['with a number as trust framework', verifying({ trust_framework: { value: 7 } })],
  [
    'with null among the assurance levels',
    verifying({ assurance_level: { values: ['high', null] } }),
  ],
  ['with a max_age of half a second', verifying({ time: { max_age: 0.5 } })],
  ['with a text as max_age', verifying({ time: { max_age: '60' } })],
  ['with a purpose of two letters', verifying({}, { name: { purpose: 'ab' } })],
  ['with a purpose of 301 letters', verifying({}, { name: { purpose: 'a'.repeat(301) } })],
  ['with an empty list of values', verifying({}, { name: { values: [] } })],
  ['an empty list', []],
])('a request that is %s is rejected', (_, request) => {
  expect(readVerifiedRequest(request)).toBeUndefined()
})

test('unknown claim names in a request are ignored', () => {
  const names = fc.string().filter((name) => name !== '__proto__')
  fc.assert(
    fc.property(fc.dictionary(names, fc.constant(null), { minKeys: 1 }), (claims) => {
      const known = Object.keys(claims).filter((name) => everything.some((one) => one === name))
      const answer = ask(verifying({ ...claims }, claims)) as VerifiedClaims | undefined
      expect(Object.keys(answer?.claims ?? {})).toEqual(known)
    }),
  )
  const odd = JSON.parse('{"__proto__":null,"constructor":null,"toString":null}')
  expect(ask(verifying(odd, { ...odd, name: null }))).toEqual({
    verification: { trust_framework: 'cn_bank_card' },
    claims: { name: person.name },
  })
})

describe('a client receives only the claims that its metadata allows', () => {
  const scopes = ['openid', 'profile', 'phone', 'identity', 'verified_identity', 'organisation']
  const subsetsOf = <T>(list: readonly T[]): T[][] =>
    list.reduce<T[][]>((sets, one) => sets.concat(sets.map((set) => [...set, one])), [[]])
  const kinds: readonly Individual[] = [
    person,
    { ...person, document: { type: 'passport', number: 'E12345678' } },
  ]

  /** A second implementation of the rule, independent of the code under test. */
  function expectedlyAllowed({ scope = '', names }: ClaimLimits): Set<string> {
    if (names) return new Set(names)
    const words = scope.split(' ')
    if (!words.includes('verified_identity')) return new Set()
    return new Set([
      ...['name', 'name_masked', 'id_type', 'id_country', 'id_number', 'id_number_last4'],
      ...(words.includes('profile') ? ['gender', 'birthdate', 'over_18'] : []),
      ...(words.includes('phone') ? ['phone_number'] : []),
    ])
  }

  const disclosedNames = (bounds: ClaimLimits, requests: VerifiedRequests, who: Individual) => {
    const names = allowedNames(bounds)
    const disclosed = verifiedClaims(who, requests, { clientId: 'exam', names }, now)
    expect(disclosed === undefined ? [] : schemaComplaints(disclosed)).toEqual([])
    const elements = (Array.isArray(disclosed) ? disclosed : [disclosed]) as (
      | VerifiedClaims
      | undefined
    )[]
    return elements.flatMap((element) => Object.keys(element?.claims ?? {}))
  }

  test('for every metadata and every request of single claims', () => {
    const metadata = [
      ...subsetsOf(scopes).map((words): ClaimLimits => ({ scope: words.join(' ') })),
      ...subsetsOf(everything).map((names): ClaimLimits => ({ scope: scopes.join(' '), names })),
    ]
    const requests: VerifiedRequests[] = [
      ...everything.map((name) => requestByScope([name])),
      all,
      { each: [all, ...everything.map((name) => requestByScope([name]))] },
    ]
    for (const bounds of metadata)
      for (const who of kinds)
        for (const request of requests) {
          const permitted = expectedlyAllowed(bounds)
          expect(
            disclosedNames(bounds, request, who).filter((name) => !permitted.has(name)),
          ).toEqual([])
        }
  })

  test('for every metadata and every request of scopes, and none without the scope verified_identity', () => {
    for (const allowed of subsetsOf(scopes))
      for (const requested of subsetsOf(allowed))
        for (const names of [undefined, [], ['over_18'], ['name', 'birthdate'], ['unknown']]) {
          const bounds = { scope: allowed.join(' '), names }
          const asked = namesByScope(requested, bounds)
          const permitted = expectedlyAllowed(bounds)
          expect(asked.filter((name) => !permitted.has(name))).toEqual([])
          if (!requested.includes('verified_identity')) expect(asked).toEqual([])
        }
  })

  test('and each claim is allowed by some scope, by itself or as part of another claim', () => {
    const wholes: readonly VerifiedClaimName[] = Object.values(verifiedScopeClaims).flat()
    const reached = [...wholes, ...wholes.flatMap((name) => partOf[name] ?? [])]
    expect(new Set(reached)).toEqual(new Set(everything))
  })
})
