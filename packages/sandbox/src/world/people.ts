const firstNames =
  'Ada Amara Anouk Arun Beatriz Bilal Carla Chidi Dana Dmitri Elif Emil Fatima Felix Gita Goran Hana Hugo Ines Ivan Jana Jonas Kofi Lena Liam Mai Marek Mina Nadia Noah Olga Omar Paula Priya Quentin Rafael Rosa Sana Sven Tara Teo Uma Viktor Wanda Wei Ximena Yara Yusuf Zara Zoltan'.split(
    ' ',
  )
const lastNames =
  'Abbott Adeyemi Aguilar Baptiste Bauer Bergström Castillo Chen Dubois Duarte Eriksen Fischer Fontaine García Haddad Hoffmann Ito Jansen Kaplan Kim Kovács Lindqvist Marino Mbeki Moreau Nakamura Novak Okafor Olsen Park Petrov Quinn Rahman Rossi Sato Schmidt Silva Tanaka Thompson Ueda Vargas Vogel Walsh Weber Yamamoto Young Zhang'.split(
    ' ',
  )
const companyFirst =
  'Amber Birch Blue Bright Cedar Clear Copper Coral Delta Early Ember Fern Field Granite Harbor Hazel Indigo Juniper Keel Lark Linden Lumen Maple Meadow Mint North Oak Olive Orchard Pebble Pine Quartz River Rowan Sage Silver Slate Spruce Stone Summit Sun Thistle Tidal Umber Vale Willow Winter Wren Zephyr'.split(
    ' ',
  )
const companyLast =
  'Analytics Atelier Bakery Books Clinic Clothing Coffee Consulting Design Dynamics Energy Farms Finance Foods Freight Games Goods Health Homes Insurance Interactive Labs Legal Logistics Media Mobility Music Networks Optics Partners Press Robotics Schools Security Software Sports Studio Supply Systems Travel Works'.split(
    ' ',
  )

/** The pairs are walked in a stride coprime to their number, so that neighbours differ in both names. */
function pairAt(index: number, first: readonly string[], last: readonly string[]): [string, string, number] {
  const pairs = first.length * last.length
  const place = ((index % pairs) * 1013) % pairs
  return [
    first[place % first.length] ?? '',
    last[Math.floor(place / first.length)] ?? '',
    Math.floor(index / pairs),
  ]
}

/** The person of this number: everyone has their own address on example.com, which can never reach anybody. */
export function personName(index: number) {
  const [first, last, round] = pairAt(index, firstNames, lastNames)
  const local = `${plain(first)}.${plain(last)}${round === 0 ? '' : `.${round}`}`
  return { first, last, name: `${first} ${last}`, email: `${local}@example.com` }
}

/** The company of this number, with a slug of its own. */
export function companyName(index: number) {
  const [first, last, round] = pairAt(index, companyFirst, companyLast)
  const name = round === 0 ? `${first} ${last}` : `${first} ${last} ${round + 1}`
  return { name, slug: name.toLowerCase().replaceAll(' ', '-') }
}

function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase()
}
