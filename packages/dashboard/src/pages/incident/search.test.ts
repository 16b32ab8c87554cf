import { describe, expect, it } from 'vitest'
import {
  filterOfSearch,
  firstSearch,
  type IncidentSearch,
  queryOfSearch,
  readSearch,
  searchOfView,
  viewOfSearch,
  writeSearch,
} from './search.ts'

const full: IncidentSearch = {
  states: ['open', 'ignored'],
  severities: ['critical', 'high'],
  kinds: ['paid-without-access'],
  hurts: 'customer',
  cause: 'price-without-mapping:price_1',
  assignee: 'nobody',
  about: 'cus_1',
  moneyAtLeast: 5000,
  currency: 'usd',
  text: 'pays, for',
  sort: 'money',
  isReversed: true,
}

describe('the address of a list of incidents', () => {
  it('holds nothing where the list is as it begins, which is what is to be done', () => {
    expect(writeSearch(firstSearch)).toEqual({})
    expect(readSearch({})).toEqual(firstSearch)
  })
  it('holds the whole of what is asked, and is read as it was written', () => {
    expect(readSearch(writeSearch(full))).toEqual(full)
  })
  it('says `all` where no state is asked for', () => {
    const all = { ...firstSearch, states: [] }
    expect(writeSearch(all)).toEqual({ state: 'all' })
    expect(readSearch({ state: 'all' })).toEqual(all)
  })
  it('takes what makes no sense for not there', () => {
    const odd = {
      state: 'gone',
      kind: '<b>',
      severity: 7,
      min: '-3',
      sort: 'beauty',
      currency: 'dollars',
      q: 42,
    }
    expect(readSearch(odd)).toEqual({ ...firstSearch, text: '42' })
  })
})

describe('a search', () => {
  it('is asked of the API with only what says something', () => {
    expect(queryOfSearch(firstSearch)).toEqual({ state: ['open', 'acknowledged'] })
    expect(queryOfSearch(full)).toEqual({
      state: ['open', 'ignored'],
      severity: ['critical', 'high'],
      kind: ['paid-without-access'],
      hurts: 'customer',
      cause: 'price-without-mapping:price_1',
      assignee: 'nobody',
      about: 'cus_1',
      moneyAtLeast: 5000,
      currency: 'usd',
      q: 'pays, for',
      sort: 'money',
      reversed: 'true',
    })
  })
  it('is kept as a view, and comes back from it', () => {
    for (const search of [full, firstSearch, { ...firstSearch, states: [] }])
      expect(searchOfView(viewOfSearch(search))).toEqual(search)
  })
  it('names what a bulk act is about as the list does', () => {
    expect(filterOfSearch(full)).toEqual({
      states: ['open', 'ignored'],
      severities: ['critical', 'high'],
      kinds: ['paid-without-access'],
      hurts: 'customer',
      cause: 'price-without-mapping:price_1',
      assignee: null,
      about: 'cus_1',
      moneyAtLeast: { amount: 5000, currency: 'usd' },
      text: 'pays, for',
    })
  })
})
