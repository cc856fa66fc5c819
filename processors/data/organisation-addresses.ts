/**
 * Which AS numbers and address ranges belong to whom. Sources: the registries' own records of AS numbers (RIPE, ARIN, APNIC) and the
 * ranges that the companies publish for their services: Google (goog.json less cloud.json), Microsoft 365 endpoints, Apple support
 * article 101555, the route objects of AS32934, AS13414, AS13335, AS54113. Not complete: a range left out is an address unknown, no more.
 *
 * `hosts` are AS numbers whose addresses are let to anybody: they tell who carries an address, and never that whoever is behind it
 * is that company.
 */
export type OrganisationAddresses = {
  /** Only the company's own services are behind these. */
  readonly asns: readonly number[]
  readonly hosts: readonly number[]
  readonly ranges: readonly string[]
}

/** Named as in `organisation-domains.ts` where both know the company. */
export const organisationAddresses: Readonly<Record<string, OrganisationAddresses>> = {
  akamai: {
    asns: [],
    hosts: [
      12222, 16625, 16702, 18680, 18717, 20189, 20940, 21342, 21357, 21399, 23454, 23455, 24319, 32787, 33905,
      34164, 35993, 35994, 36183, 63949,
    ],
    ranges: [],
  },
  amazon: { asns: [], hosts: [7224, 14618, 16509, 39111], ranges: [] },
  apple: {
    asns: [714, 2709, 6185],
    hosts: [],
    ranges: [
      '17.0.0.0/8',
      '63.92.224.0/19',
      '65.199.22.0/23',
      '139.178.128.0/18',
      '144.178.0.0/19',
      '144.178.36.0/22',
      '144.178.48.0/20',
      '192.35.50.0/24',
      '198.183.17.0/24',
      '205.180.175.0/24',
      '2403:300::/32',
      '2620:149::/36',
      '2a01:b740::/32',
    ],
  },
  cloudflare: {
    asns: [],
    hosts: [13335, 132892, 209242],
    ranges: ['1.0.0.0/24', '1.1.1.0/24', '2606:4700:4700::/48'],
  },
  dropbox: { asns: [19679], hosts: [], ranges: ['162.125.0.0/16', '2620:100:6000::/40'] },
  facebook: {
    asns: [32934, 54115, 63293],
    hosts: [],
    ranges: [
      '31.13.24.0/21',
      '31.13.64.0/18',
      '45.64.40.0/22',
      '66.220.144.0/20',
      '69.63.176.0/20',
      '69.171.224.0/19',
      '74.119.76.0/22',
      '102.132.96.0/20',
      '103.4.96.0/22',
      '129.134.0.0/16',
      '157.240.0.0/16',
      '173.252.64.0/18',
      '179.60.192.0/22',
      '185.60.216.0/22',
      '185.89.216.0/22',
      '204.15.20.0/22',
      '2620:0:1c00::/40',
      '2a03:2880::/32',
    ],
  },
  fastly: { asns: [], hosts: [54113], ranges: [] },
  github: {
    asns: [36459],
    hosts: [],
    ranges: ['140.82.112.0/20', '143.55.64.0/20', '185.199.108.0/22', '192.30.252.0/22', '2a0a:a440::/29'],
  },
  google: {
    asns: [],
    // Its cloud is announced from both of these.
    hosts: [15169, 396982],
    ranges: [
      '8.8.4.0/24',
      '8.8.8.0/24',
      '64.233.160.0/19',
      '66.102.0.0/20',
      '66.249.64.0/19',
      '72.14.192.0/18',
      '74.125.0.0/16',
      '108.177.0.0/17',
      '142.250.0.0/15',
      '172.217.0.0/16',
      '172.253.0.0/16',
      '173.194.0.0/16',
      '192.178.0.0/15',
      '209.85.128.0/17',
      '216.58.192.0/19',
      '216.239.32.0/19',
      '2001:4860::/32',
      '2404:6800::/32',
      '2607:f8b0::/32',
      '2800:3f0::/32',
      '2a00:1450::/32',
      '2c0f:fb50::/32',
    ],
  },
  microsoft: {
    asns: [3598, 8068, 8069],
    // Azure.
    hosts: [8075, 12076],
    ranges: [
      '13.107.4.0/24',
      '13.107.6.0/24',
      '13.107.18.0/24',
      '13.107.42.0/23',
      '13.107.64.0/18',
      '13.107.128.0/22',
      '13.107.136.0/22',
      '20.190.128.0/18',
      '23.103.160.0/20',
      '40.96.0.0/13',
      '40.104.0.0/15',
      '40.108.128.0/17',
      '40.126.0.0/18',
      '52.96.0.0/14',
      '52.104.0.0/14',
      '52.112.0.0/14',
      '52.120.0.0/14',
      '104.146.128.0/17',
      '131.253.33.0/24',
      '132.245.0.0/16',
      '150.171.32.0/22',
      '204.79.197.0/24',
      '2603:1006::/40',
      '2603:1016::/36',
      '2603:1026::/36',
      '2603:1036::/36',
      '2603:1046::/36',
      '2603:1056::/36',
      '2620:1ec::/36',
    ],
  },
  netflix: {
    asns: [2906, 40027, 55095],
    hosts: [],
    ranges: ['45.57.0.0/17', '198.38.96.0/19', '198.45.48.0/20'],
  },
  telegram: {
    asns: [44907, 59930, 62014, 62041, 211157],
    hosts: [],
    ranges: [
      '91.108.4.0/22',
      '91.108.8.0/22',
      '91.108.12.0/22',
      '91.108.16.0/22',
      '91.108.56.0/22',
      '149.154.160.0/20',
    ],
  },
  twitter: {
    asns: [13414, 35995, 54888, 63179],
    hosts: [],
    ranges: [
      '69.195.160.0/19',
      '104.244.40.0/21',
      '192.133.76.0/22',
      '199.16.156.0/22',
      '199.59.148.0/22',
      '199.96.56.0/21',
      '2400:6680::/32',
      '2606:1f80::/32',
    ],
  },
  valve: { asns: [32590], hosts: [], ranges: ['155.133.224.0/19', '162.254.192.0/21', '208.64.200.0/22'] },
  zoom: { asns: [30103], hosts: [], ranges: ['149.137.0.0/17', '170.114.0.0/16', '206.247.0.0/16'] },
}

/** As lines of a data file: `google,8.8.8.0/24`, `facebook,AS32934`, and `amazon,AS16509,hosting` where addresses are let to anybody. */
export const organisationAddressLines: readonly string[] = Object.entries(organisationAddresses).flatMap(
  ([name, { asns, hosts, ranges }]) => [
    ...asns.map((asn) => `${name},AS${asn}`),
    ...hosts.map((asn) => `${name},AS${asn},hosting`),
    ...ranges.map((range) => `${name},${range}`),
  ],
)
