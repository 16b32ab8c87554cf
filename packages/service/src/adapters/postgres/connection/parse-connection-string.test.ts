import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { placeOf } from './connection-target.ts'
import { type ConnectionStringCode, parseConnectionString } from './parse-connection-string.ts'
import { refusedParameters } from './refused-parameters.ts'
import { supabaseAuthority } from './supabase-authority.ts'

/** Any certificate will do where one is pinned. */
const authority = supabaseAuthority

function taken(text: string, pinned: string | null = null) {
  const parsed = parseConnectionString(text, pinned)
  if (!parsed.ok) throw new Error(`Refused: ${JSON.stringify(parsed.refusal)}`)
  const { password, ...rest } = parsed.value
  return { ...rest, password: password?.reveal() ?? null }
}

function refusal(text: string, pinned: string | null = null) {
  const parsed = parseConnectionString(text, pinned)
  if (parsed.ok) throw new Error(`Taken: ${placeOf(parsed.value)}`)
  return parsed.refusal
}

describe('what is taken', () => {
  test('user, password, host, port and database', () => {
    expect(taken('postgres://app:secret@db.example.com:5433/shop')).toEqual({
      user: 'app',
      password: 'secret',
      host: 'db.example.com',
      port: 5433,
      database: 'shop',
      tls: { kind: 'verify-full', authority: null },
      endpoint: 'direct',
    })
  })

  test.each([
    ['postgresql://a:b@h/d', { host: 'h', port: 5432 }],
    ['postgres://a@h/d', { password: null }],
    ['postgres://a:@h/d', { password: null }],
    ['  postgres://a:b@h/d\n', { database: 'd' }],
    ['postgres://a:b@DB.Example.COM/d', { host: 'db.example.com' }],
    ['postgres://a:b@my_db-1/d', { host: 'my_db-1' }],
    ['postgres://a:b@192.0.2.7:6432/d', { host: '192.0.2.7', port: 6432, endpoint: 'transaction-pooler' }],
    ['postgres://a:b@[2001:DB8:0::7]:5432/d', { host: '2001:db8::7', port: 5432 }],
    ['postgres://a:b@[::1]/d', { host: '::1' }],
    ['postgres://a%40x:p%40s%2Fs%3F%23%25%3A@h/d', { user: 'a@x', password: 'p@s/s?#%:' }],
    ['postgres://a:p:q[r]!$&*()=+;~@h/d', { password: 'p:q[r]!$&*()=+;~' }],
    ['postgres://a:%C3%A9t%C3%A9é@h/d', { password: 'étéé' }],
    ['postgres://a:b+c@h/d', { password: 'b+c' }],
    ['postgres://a:b@h/my%20db', { database: 'my db' }],
    ['postgres://a:b@h/d?', { database: 'd' }],
    ['postgres://a:b@h/d?sslmode=verify-full', { tls: { kind: 'verify-full', authority: null } }],
    ['postgres://a:b@localhost/d?sslmode=disable', { tls: { kind: 'off' } }],
  ])('%s', (text, expected) => {
    expect(taken(text)).toMatchObject(expected)
  })

  test('the strings of Supabase as they are pasted, each with what answers there', () => {
    const direct = 'postgresql://postgres:pw@db.abcdefghijklmnopqrst.supabase.co:5432/postgres'
    const session =
      'postgresql://postgres.abcdefghijklmnopqrst:pw@aws-0-eu-central-1.pooler.supabase.com:5432/postgres'
    const transaction =
      'postgresql://postgres.abcdefghijklmnopqrst:pw@aws-0-eu-central-1.pooler.supabase.com:6543/postgres'
    const dedicated = 'postgresql://postgres:pw@db.abcdefghijklmnopqrst.supabase.co:6543/postgres'
    expect([direct, session, transaction, dedicated].map((text) => taken(text).endpoint)).toEqual([
      'direct',
      'session-pooler',
      'transaction-pooler',
      'transaction-pooler',
    ])
  })

  test('sslmode=require with a pinned authority looks at the authority alone', () => {
    expect(taken('postgres://a:b@h/d?sslmode=require', authority).tls).toEqual({
      kind: 'pinned',
      authority: authority.trim(),
    })
  })

  test('a pinned authority replaces the usual roots, and text around the certificate is dropped', () => {
    const around = `subject=CN\n${authority}\nend`
    expect(taken('postgres://a:b@h/d', around).tls).toEqual({
      kind: 'verify-full',
      authority: authority.trim(),
    })
  })
})

describe('what is refused', () => {
  const cases: readonly [ConnectionStringCode, string, string?][] = [
    ['empty', ''],
    ['empty', '  \n '],
    ['too-long', `postgres://a:${'b'.repeat(5000)}@h/d`],
    ['not-an-address', 'host=db user=a password=hunter22 dbname=d'],
    ['not-an-address', 'DATABASE_URL=postgres://a:hunter22@h/d'],
    ['not-an-address', '"postgres://a:hunter22@h/d"'],
    ['not-an-address', 'psql postgres://a:hunter22@h/d'],
    ['not-an-address', 'mysql://a:hunter22@h/d'],
    ['not-an-address', 'jdbc:postgresql://h/d?user=a&password=hunter22'],
    ['not-an-address', 'https://db.supabase.co'],
    ['not-an-address', '/var/run/postgresql'],
    ['not-an-address', 'POSTGRES://a:hunter22@h/d'],
    ['not-an-address', 'postgres:a:hunter22@h/d'],
    ['not-an-address', 'postgres:/a:hunter22@h/d'],
    ['not-an-address', 'socket:/tmp?db=d'],
    ['not-an-address', 'pg://a:hunter22@h/d'],
    ['control-character', 'postgres://a:hunter22@h/d\u0000'],
    ['control-character', 'postgres://a:hunter22@h\u0007/d'],
    ['control-character', 'postgres://a:hunter22\n@h/d'],
    ['control-character', 'postgres://a:hunter22\t@h/d'],
    ['control-character', 'postgres://a:hunter22@h/d\u202e'],
    ['control-character', 'postgres://a:\u200bhunter22@h/d'],
    ['control-character', 'postgres://a:hunter22%00@h/d'],
    ['control-character', 'postgres://a%0d:hunter22@h/d'],
    ['control-character', 'postgres://a:hunter22@h/d%0a'],
    ['unescaped-character', 'postgres://a:hunter22 x@h/d'],
    ['unescaped-character', 'postgres://a:hunter22#x@h/d'],
    ['unescaped-character', 'postgres://a:hunter22@h/d#part'],
    ['unescaped-character', 'postgres://a:hunter22/x@h/d'],
    ['unescaped-character', 'postgres://a:hunter22?x@h/d'],
    ['unescaped-character', 'postgres://a:hunter22@x@h/d'],
    ['unescaped-character', 'postgres://a:hunter22@h/d?x=@'],
    ['unescaped-character', 'postgres://a:hunter22@h\\@other/d'],
    ['escape-malformed', 'postgres://a:hunter22%@h/d'],
    ['escape-malformed', 'postgres://a:hunter22%zz@h/d'],
    ['escape-malformed', 'postgres://a:hunter22%ff@h/d'],
    ['escape-malformed', 'postgres://a:hunter22%c0%80@h/d'],
    ['user-missing', 'postgres://h/d'],
    ['user-missing', 'postgres://'],
    ['user-missing', 'postgres:///d?host=/tmp'],
    ['user-missing', 'postgres://@h/d'],
    ['user-missing', 'postgres://:hunter22@h/d'],
    ['password-placeholder', 'postgresql://postgres:[YOUR-PASSWORD]@db.abc.supabase.co:5432/postgres'],
    ['password-placeholder', 'postgresql://postgres:%5BYOUR-PASSWORD%5D@db.abc.supabase.co:5432/postgres'],
    ['password-placeholder', 'postgres://a:<password>@h/d'],
    ['password-placeholder', 'postgres://a:{password}@h/d'],
    ['password-placeholder', 'postgres://a:your_password@h/d'],
    ['password-placeholder', 'postgres://a:********@h/d'],
    ['host-missing', 'postgres://a:hunter22@/d'],
    ['host-missing', 'postgres://a:hunter22@/d?host=/var/run/postgresql'],
    ['host-list', 'postgres://a:hunter22@h1,h2/d'],
    ['host-list', 'postgres://a:hunter22@h1:5432,h2:5432/d'],
    ['socket', 'postgres://a:hunter22@%2Fvar%2Frun%2Fpostgresql/d'],
    ['socket', 'postgres://a:hunter22@%2ftmp:5432/d'],
    ['host-malformed', 'postgres://a:hunter22@:5432/d'],
    ['host-malformed', 'postgres://a:hunter22@h%2Ed/d'],
    ['host-malformed', 'postgres://a:hunter22@h../d'],
    ['host-malformed', 'postgres://a:hunter22@h./d'],
    ['host-malformed', 'postgres://a:hunter22@-h/d'],
    ['host-malformed', 'postgres://a:hunter22@höst/d'],
    ['host-malformed', 'postgres://a:hunter22@127.1/d'],
    ['host-malformed', 'postgres://a:hunter22@2130706433/d'],
    ['host-malformed', 'postgres://a:hunter22@0x7f000001/d'],
    ['host-malformed', 'postgres://a:hunter22@0x7f.0.0.1/d'],
    ['host-malformed', 'postgres://a:hunter22@0177.0.0.1/d'],
    ['host-malformed', 'postgres://a:hunter22@127.0.0.01/d'],
    ['host-malformed', 'postgres://a:hunter22@256.1.1.1/d'],
    ['host-malformed', 'postgres://a:hunter22@1.2.3.4.5/d'],
    ['host-malformed', 'postgres://a:hunter22@[::1%25lo]/d'],
    ['host-malformed', 'postgres://a:hunter22@[::1%lo]/d'],
    ['host-malformed', 'postgres://a:hunter22@[::1/d'],
    ['host-malformed', 'postgres://a:hunter22@[127.0.0.1]/d'],
    ['host-malformed', 'postgres://a:hunter22@[v1.x]/d'],
    ['host-malformed', `postgres://a:hunter22@${'h'.repeat(64)}/d`],
    ['host-malformed', `postgres://a:hunter22@${'h.'.repeat(130)}h/d`],
    ['host-malformed', 'postgres://a:hunter22@::1/d'],
    ['port-malformed', 'postgres://a:hunter22@h:/d'],
    ['port-malformed', 'postgres://a:hunter22@h:0/d'],
    ['port-malformed', 'postgres://a:hunter22@h:65536/d'],
    ['port-malformed', 'postgres://a:hunter22@h:05432/d'],
    ['port-malformed', 'postgres://a:hunter22@h:54%2032/d'],
    ['port-malformed', 'postgres://a:hunter22@h:5432:5433/d'],
    ['port-malformed', 'postgres://a:hunter22@h:-1/d'],
    ['database-missing', 'postgres://a:hunter22@h'],
    ['database-missing', 'postgres://a:hunter22@h/'],
    ['database-missing', 'postgres://a:hunter22@h?sslmode=verify-full'],
    ['database-malformed', 'postgres://a:hunter22@h/d/e'],
    ['database-malformed', 'postgres://a:hunter22@h//etc/passwd'],
    ['parameter-refused', 'postgres://a:hunter22@h/d?options=-c%20default_transaction_read_only%3Doff'],
    ['parameter-refused', 'postgres://a:hunter22@h/d?sslrootcert=/etc/passwd'],
    ['parameter-refused', 'postgres://a:hunter22@h/d?host=/var/run/postgresql'],
    ['parameter-refused', 'postgres://a:hunter22@h/d?HOST=other'],
    ['parameter-refused', 'postgres://a:hunter22@h/d?%68ost=other'],
    ['parameter-refused', 'postgres://a:hunter22@h/d?sslmode%3Ddisable'],
    ['parameter-refused', 'postgres://a:hunter22@h/d?sslmode;host=x'],
    ['parameter-refused', 'postgres://a:hunter22@h/d?SSLMODE=disable'],
    ['parameter-refused', 'postgres://a:hunter22@h/d?=x'],
    ['parameter-refused', 'postgres://a:hunter22@h/d?supa=base-pooler.x'],
    ['parameter-refused', 'postgres://a:hunter22@h/d?anything'],
    ['parameter-repeated', 'postgres://a:hunter22@h/d?sslmode=verify-full&sslmode=disable'],
    ['sslmode-refused', 'postgres://a:hunter22@h/d?sslmode=require'],
    ['sslmode-refused', 'postgres://a:hunter22@h/d?sslmode=prefer'],
    ['sslmode-refused', 'postgres://a:hunter22@h/d?sslmode=allow'],
    ['sslmode-refused', 'postgres://a:hunter22@h/d?sslmode=no-verify'],
    ['sslmode-refused', 'postgres://a:hunter22@h/d?sslmode=verify-ca'],
    ['sslmode-refused', 'postgres://a:hunter22@h/d?sslmode='],
    ['sslmode-refused', 'postgres://a:hunter22@h/d?sslmode'],
    ['sslmode-refused', 'postgres://a:hunter22@h/d?sslmode=Disable'],
    ['sslmode-refused', 'postgres://a:hunter22@h/d?sslmode=verify-full;host=x'],
    ['authority-unused', 'postgres://a:hunter22@h/d?sslmode=disable', authority],
    ['authority-malformed', 'postgres://a:hunter22@h/d', '/etc/ssl/certs/ca.pem'],
    ['authority-malformed', 'postgres://a:hunter22@h/d', 'C:\\certs\\ca.pem'],
    ['authority-malformed', 'postgres://a:hunter22@h/d', 'x'.repeat(600_000)],
    ['authority-malformed', 'postgres://a:hunter22@h/d', authority.replace('MIID', 'MIIE')],
    [
      'authority-malformed',
      'postgres://a:hunter22@h/d',
      `${authority}-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----`,
    ],
  ]

  test.each(cases)('%s: %s', (code, text, pinned = '') => {
    const refused = refusal(text, pinned)
    expect(refused.code).toBe(code)
    expect(JSON.stringify(refused)).not.toContain('hunter22')
    expect([refused.found, refused.needed, refused.fix]).not.toContain('')
  })

  test.each(Object.keys(refusedParameters))('the parameter %s, by its name', (name) => {
    const { code, found, fix } = refusal(`postgres://a:b@h/d?${name}=x`)
    expect({ code, found, fix }).toEqual({
      code: 'parameter-refused',
      found: `the parameter ${name}`,
      fix: refusedParameters[name],
    })
  })
})

describe('whatever is given', () => {
  const secret = fc.stringMatching(/^[!-~]{8,20}$/).filter((text) => !/^[a-z]+$/i.test(text))

  test('no refusal shows a password, written with or without escapes', () => {
    const forms = fc.constantFrom(
      (p: string) => `postgres://bob:${p}@h/d`,
      (p: string) => `postgres://bob:${p}@h:x/d`,
      (p: string) => `postgres://bob:${p}@h/d?options=x`,
      (p: string) => `postgres://bob:${p}`,
      (p: string) => `postgres://bob:${p}/d`,
      (p: string) => `postgres://:${p}@h/d`,
      (p: string) => `host=h password=${p}`,
      (p: string) => `postgres://bob@h:${p}/d`,
      (p: string) => `postgres://bob:${p}@h1,h2/d`,
      (p: string) => `postgres://bob:${p}@h/d?sslmode=${p}`,
      (p: string) => `postgres://bob:x@h/d?password=${p}`,
    )
    fc.assert(
      fc.property(secret, forms, (password, form) => {
        const parsed = parseConnectionString(form(password), null)
        if (!parsed.ok) expect(JSON.stringify(parsed.refusal)).not.toContain(password)
        else expect(JSON.stringify(parsed.value)).not.toContain(`"${password}"`)
      }),
      { numRuns: 5000 },
    )
  })

  test('a password with every character escaped is taken as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), (password) => {
        fc.pre(!/\p{Cc}/u.test(password))
        expect(taken(`postgres://a:${encodeURIComponent(password)}@h/d`).password).toBe(password)
      }),
      { numRuns: 2000 },
    )
  })

  test('it is either taken or refused, never anything else', () => {
    const pieces = fc.constantFrom(
      'postgres://',
      '@',
      ':',
      '/',
      '?',
      '#',
      '[',
      ']',
      '%',
      '%2f',
      'a',
      '1',
      '.',
      ',',
      'sslmode=',
      '&',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 14 }), (parts) => {
        const parsed = parseConnectionString(`postgres://${parts.join('')}`, null)
        if (parsed.ok) expect(parsed.value.host).toMatch(/^[a-z\d._:-]+$/)
      }),
      { numRuns: 20_000 },
    )
  })
})
