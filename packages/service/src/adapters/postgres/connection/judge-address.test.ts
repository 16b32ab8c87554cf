import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, test } from 'vitest'
import { type AddressPolicy, hostedPolicy, ownMachinePolicy, parseAddressPolicy } from './address-policy.ts'
import { type AddressKind, isPortAllowed, judgeAddress } from './judge-address.ts'

/** First and last address of what is special, and the neighbours that are not. */
const ranges: readonly (readonly [AddressKind, string, string])[] = [
  ['unspecified', '0.0.0.0', '0.255.255.255'],
  ['public', '1.0.0.0', '9.255.255.255'],
  ['private', '10.0.0.0', '10.255.255.255'],
  ['public', '11.0.0.0', '100.63.255.255'],
  ['shared', '100.64.0.0', '100.127.255.255'],
  ['public', '100.128.0.0', '126.255.255.255'],
  ['loopback', '127.0.0.0', '127.255.255.255'],
  ['public', '128.0.0.0', '169.253.255.255'],
  ['link-local', '169.254.0.0', '169.254.255.255'],
  ['link-local', '169.254.169.254', '169.254.170.2'],
  ['public', '169.255.0.0', '172.15.255.255'],
  ['private', '172.16.0.0', '172.31.255.255'],
  ['public', '172.32.0.0', '191.255.255.255'],
  ['reserved', '192.0.0.0', '192.0.0.255'],
  ['public', '192.0.1.0', '192.0.1.255'],
  ['reserved', '192.0.2.0', '192.0.2.255'],
  ['public', '192.0.3.0', '192.88.98.255'],
  ['translated', '192.88.99.0', '192.88.99.255'],
  ['public', '192.88.100.0', '192.167.255.255'],
  ['private', '192.168.0.0', '192.168.255.255'],
  ['public', '192.169.0.0', '198.17.255.255'],
  ['reserved', '198.18.0.0', '198.19.255.255'],
  ['public', '198.20.0.0', '198.51.99.255'],
  ['reserved', '198.51.100.0', '198.51.100.255'],
  ['public', '198.51.101.0', '203.0.112.255'],
  ['reserved', '203.0.113.0', '203.0.113.255'],
  ['public', '203.0.114.0', '223.255.255.255'],
  ['multicast', '224.0.0.0', '239.255.255.255'],
  ['reserved', '240.0.0.0', '255.255.255.254'],
  ['multicast', '255.255.255.255', '255.255.255.255'],
  ['unspecified', '::', '::'],
  ['loopback', '::1', '::1'],
  ['reserved', '::2', '::fffe:ffff:ffff'],
  ['reserved', '::1:0:0:0', '64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['translated', '64:ff9b::', '64:ff9b::ffff:ffff'],
  ['reserved', '64:ff9b::1:0:0', '64:ff9b:0:ffff:ffff:ffff:ffff:ffff'],
  ['translated', '64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff'],
  ['reserved', '64:ff9b:2::', '1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['reserved', '100::', '100::ffff:ffff:ffff:ffff'],
  ['public', '2000::', '2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['reserved', '2001::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['public', '2001:200::', '2001:db7:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['reserved', '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['public', '2001:db9::', '2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['translated', '2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['public', '2003::', '3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['reserved', '3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['public', '3fff:1000::', '3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['reserved', '4000::', 'fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['private', 'fc00::', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['reserved', 'fe00::', 'fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['link-local', 'fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['private', 'fec0::', 'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['multicast', 'ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
]
const forms = ranges.flatMap(([kind, first, last]) =>
  [first, last].flatMap((address) => spellings(address).map((form) => ({ form, kind }))),
)

/** The same address as a resolver or a hostile answer may write it. */
function spellings(address: string): readonly string[] {
  const parsed = ipaddr.parse(address)
  if (parsed instanceof ipaddr.IPv6) {
    return [address, address.toUpperCase(), parsed.toNormalizedString(), inFull(parsed)]
  }
  const mapped = parsed.toIPv4MappedAddress()
  return [
    address,
    `::ffff:${address}`,
    `::FFFF:${address}`,
    mapped.toString(),
    mapped.toNormalizedString(),
    inFull(mapped),
    `0:0:0:0:0:ffff:${address}`,
  ]
}

function inFull({ parts }: ipaddr.IPv6): string {
  return parts.map((part) => part.toString(16).padStart(4, '0')).join(':')
}

describe('an address', () => {
  test(`is known in each of ${forms.length} spellings at the edges of every range`, () => {
    expect(forms.length).toBeGreaterThan(500)
    const wrong = forms
      .map(({ form, kind }) => ({ form, kind, found: judgeAddress(form, hostedPolicy).kind }))
      .filter(({ kind, found }) => kind !== found)
    expect(wrong).toEqual([])
  })

  test.each([
    ['', 'nothing'],
    ['localhost', 'a name'],
    ['127.1', 'two numbers'],
    ['2130706433', 'one number'],
    ['0x7f000001', 'a hexadecimal number'],
    ['0177.0.0.1', 'an octal number'],
    ['127.0.0.1 ', 'a space'],
    ['127.0.0.1:5432', 'a port'],
    ['[::1]', 'brackets'],
    ['fe80::1%eth0', 'a zone'],
    ['::ffff:127.0.0.1%1', 'a zone'],
    [':::', 'a slip'],
    ['1.2.3.4/32', 'a range'],
  ])('%j is none (%s), and never allowed', (text) => {
    for (const policy of [hostedPolicy, ownMachinePolicy]) {
      expect(judgeAddress(text, policy)).toMatchObject({ kind: 'unreadable', isAllowed: false })
    }
  })

  test('of 100,000 drawn at random none is taken for public that another library does not take for public', () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
    // Half of them close to what is special, where mistakes would be.
    const prefixes = forms.map(({ form }) => ipaddr.parse(form).toByteArray())
    const near = fc
      .tuple(fc.constantFrom(...prefixes), fc.nat({ max: 15 }), bytes(16))
      .map(([prefix, kept, rest]) =>
        prefix.map((byte, at) => (at < kept % prefix.length ? byte : (rest[at] ?? 0))),
      )
    const drawn = fc.oneof(bytes(4), bytes(16), near, near).map((all) => ipaddr.fromByteArray([...all]))
    fc.assert(
      fc.property(drawn, (address) => {
        const { kind } = judgeAddress(address.toString(), hostedPolicy)
        const other = ipaddr.process(address.toString())
        expect(kind === 'public' ? publicThere.includes(other.range()) : mayDiffer(other)).toBe(true)
      }),
      { numRuns: 100_000 },
    )
  })
})

/** What the other library names by itself, though it can be reached by everybody. */
const publicThere: readonly string[] = ['unicast', 'as112', 'amt', 'as112v6']

/** Where this one is stricter: what the other calls unicast is not, because IANA gave it to nobody or to no host. */
function mayDiffer(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (!publicThere.includes(address.range())) return true
  if (address instanceof ipaddr.IPv4) return address.match(ipaddr.parseCIDR('0.0.0.0/8'))
  const isGlobal = address.match(ipaddr.parseCIDR('2000::/3'))
  return !isGlobal || ['2001::/23', '3fff::/20'].some((range) => address.match(ipaddr.parseCIDR(range)))
}

describe('the policy', () => {
  const office: AddressPolicy = policyOf('10.1.0.0/16, 192.168.1.7 fd00::/8,127.0.0.1')

  test.each([
    ['8.8.8.8', true, true, true],
    ['2606:4700::1', true, true, true],
    ['10.1.2.3', false, true, true],
    ['::ffff:10.1.2.3', false, true, true],
    ['10.2.0.1', false, true, false],
    ['192.168.1.7', false, true, true],
    ['192.168.1.8', false, true, false],
    ['127.0.0.1', false, true, true],
    ['127.0.0.2', false, true, false],
    ['::1', false, true, false],
    ['169.254.169.254', false, true, false],
    ['100.64.0.1', false, true, false],
    ['fd12::1', false, true, true],
    ['fe80::1', false, true, false],
    ['64:ff9b::808:808', false, true, false],
    ['0.0.0.0', false, false, false],
    ['::', false, false, false],
    ['224.0.0.1', false, false, false],
    ['255.255.255.255', false, false, false],
    ['203.0.113.5', false, false, false],
    ['2001:db8::1', false, false, false],
  ])('%s: hosted %s, on an own machine %s, within ranges %s', (address, hosted, own, within) => {
    const allowed = [hostedPolicy, ownMachinePolicy, office].map(
      (policy) => judgeAddress(address, policy).isAllowed,
    )
    expect(allowed).toEqual([hosted, own, within])
  })

  test('a range that is named allows what nobody else may reach, but never everybody or nobody', () => {
    const all = policyOf('0.0.0.0/0, ::/0')
    expect(judgeAddress('203.0.113.5', all).isAllowed).toBe(true)
    for (const address of ['0.0.0.0', '::', '224.0.0.1', 'ff02::1', '255.255.255.255']) {
      expect(judgeAddress(address, all).isAllowed).toBe(false)
    }
  })

  test.each([
    ['8.8.8.8', 5432, hostedPolicy, true],
    ['8.8.8.8', 6543, hostedPolicy, true],
    ['8.8.8.8', 22, hostedPolicy, false],
    ['8.8.8.8', 25060, hostedPolicy, false],
    ['8.8.8.8', 25060, { ...hostedPolicy, ports: [25060] }, true],
    ['8.8.8.8', 5432, { ...hostedPolicy, ports: [25060] }, false],
    ['8.8.8.8', 25060, ownMachinePolicy, true],
    ['10.1.2.3', 54_321, office, true],
    ['8.8.8.8', 54_321, office, false],
  ] as const)('%s at port %i', (address, port, policy, isAllowed) => {
    expect(isPortAllowed(port, judgeAddress(address, policy), policy)).toBe(isAllowed)
  })

  test.each([
    [null, null, hostedPolicy],
    ['', ' ', hostedPolicy],
    ['all', 'all', ownMachinePolicy],
    ['none', 'usual', hostedPolicy],
    [
      '10.0.0.0/8',
      '5432, 25060',
      { privateHosts: [{ family: 4, address: '10.0.0.0', prefix: 8 }], ports: [5432, 25060] },
    ],
    ['::1', null, { privateHosts: [{ family: 6, address: '::1', prefix: 128 }], ports: 'usual' }],
  ])('is read from %j and %j', (privateHosts, ports, expected) => {
    expect(parseAddressPolicy({ privateHosts, ports }, hostedPolicy)).toEqual({ ok: true, value: expected })
  })

  test.each([
    ['10.0.0.0/33', null, 'range-malformed'],
    ['10.0.0.0/', null, 'range-malformed'],
    ['10.0.0/8', null, 'range-malformed'],
    ['10.0.0.0/8/8', null, 'range-malformed'],
    ['fd00::/129', null, 'range-malformed'],
    ['fe80::1%eth0', null, 'range-malformed'],
    ['localhost', null, 'range-malformed'],
    ['all, 10.0.0.0/8', null, 'range-malformed'],
    ['yes', null, 'range-malformed'],
    [null, '0', 'port-malformed'],
    [null, '65536', 'port-malformed'],
    [null, '5432-5433', 'port-malformed'],
    [null, 'all,5432', 'port-malformed'],
  ])('is refused from %j and %j (%s)', (privateHosts, ports, code) => {
    expect(parseAddressPolicy({ privateHosts, ports }, hostedPolicy)).toMatchObject({
      ok: false,
      refusal: { code },
    })
  })

  function policyOf(privateHosts: string): AddressPolicy {
    const parsed = parseAddressPolicy({ privateHosts, ports: null }, hostedPolicy)
    if (!parsed.ok) throw new Error(parsed.refusal.found)
    return parsed.value
  }
})
