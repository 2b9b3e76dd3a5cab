/** What the doctor can say, without words: they are chosen by `wording/doctor.ts`. Ids are permanent. */
export type Outcome = 'good' | 'warning' | 'bad' | 'left-out';

/** Every part of an installation, with all that can be found. The outcome of a finding stands in this one table. */
export const findings = {
  configuration: {
    valid: 'good',
    wrong: 'bad',
    'file-not-readable': 'bad',
    'nothing-else-examined': 'left-out',
  },
  store: { usable: 'good', 'not-usable': 'bad' },
  authorities: { 'not-set': 'left-out', readable: 'good', 'not-readable': 'bad' },
  'public-url': {
    'not-set': 'left-out',
    'set-for-this-machine': 'good',
    answers: 'good',
    'not-running': 'warning',
    'not-ours': 'bad',
    'not-trusted': 'bad',
    'not-reached': 'warning',
  },
  'name-server': { answers: 'good', silent: 'bad' },
  'outgoing-ports': { open: 'good', closed: 'bad', 'partly-closed': 'warning', 'not-tried': 'left-out' },
  ipv6: { works: 'good', missing: 'warning', 'not-tried': 'left-out' },
  platform: {
    'not-configured': 'left-out',
    accepted: 'good',
    anonymous: 'warning',
    refused: 'bad',
    'scopes-missing': 'bad',
    'not-reached': 'bad',
  },
  'it-channel': {
    'not-set': 'warning',
    'not-installed': 'warning',
    member: 'good',
    'not-member': 'bad',
    'not-known': 'left-out',
    'last-not-reached': 'bad',
  },
} as const satisfies Record<string, Record<string, Outcome>>;

export type Part = keyof typeof findings;
export type Found = {
  [P in Part]: {
    part: P;
    found: keyof (typeof findings)[P] & string;
    /** For the sentence; never a secret. */
    values: Readonly<Record<string, string | number | readonly string[]>>;
  };
}[Part];

export const found = <P extends Part>(
  part: P,
  what: keyof (typeof findings)[P] & string,
  values: Found['values'] = {},
): Found => ({ part, found: what, values }) as Found;

export const outcomeOf = ({ part, found: what }: Found): Outcome => {
  const known: Readonly<Record<string, Outcome>> = findings[part];
  return known[what] ?? 'bad';
};
