/** What the doctor can say, without words: they are chosen by `wording/doctor.ts`. Ids are permanent. */
export type Outcome = 'good' | 'warning' | 'bad' | 'left-out';

/** Every part of an installation, with all that can be found. The outcome of a finding stands in this one table. */
export const findings = {
  configuration: {
    valid: 'good',
    wrong: 'bad',
    'file-not-readable': 'bad',
    'file-folder': 'bad',
    'file-leads-nowhere': 'bad',
    'file-utf-16': 'bad',
    'file-line-ends': 'bad',
    'file-not-assigned': 'bad',
    'file-read-as-comment': 'bad',
    'file-quotes': 'bad',
    'file-character': 'bad',
    'file-emptied': 'bad',
    'file-set-twice': 'warning',
    'file-empty-outside': 'warning',
    'file-maybe-comment': 'warning',
    'file-set-too-late': 'warning',
    'file-unknown-line': 'warning',
    'file-unknown-name': 'warning',
    'file-likely-name': 'warning',
    'file-other-file': 'warning',
    'name-unknown': 'warning',
    'name-likely': 'warning',
    'allows-own-machine': 'warning',
    'nothing-else-examined': 'left-out',
  },
  files: {
    private: 'good',
    'file-open-to-read': 'warning',
    'file-open-to-write': 'bad',
    'data-was-open': 'warning',
    'data-of-other': 'warning',
  },
  store: { usable: 'good', 'not-usable': 'bad' },
  authorities: { 'not-set': 'left-out', readable: 'good', 'not-readable': 'bad' },
  'public-url': {
    'not-set': 'left-out',
    'set-for-this-machine': 'good',
    answers: 'good',
    'not-running': 'warning',
    'login-missing': 'bad',
    'leads-on': 'bad',
    'metrics-open': 'bad',
    'not-ours': 'bad',
    'not-trusted': 'bad',
    'not-reached': 'warning',
  },
  rehearsal: { asked: 'good', off: 'left-out' },
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
    'several-tenants': 'warning',
    'organisation-install': 'warning',
  },
  blocks: {
    'not-configured': 'left-out',
    'checkout-only': 'left-out',
    valid: 'good',
    invalid: 'bad',
    refused: 'bad',
    'not-reached': 'bad',
  },
  'request-signature': { 'not-verifiable': 'left-out' },
  clock: { right: 'good', wrong: 'warning', 'far-off': 'bad', 'not-known': 'left-out' },
  'it-channel': {
    'not-set': 'warning',
    'not-installed': 'warning',
    member: 'good',
    'shared-with-others': 'warning',
    'not-member': 'bad',
    archived: 'bad',
    'not-known': 'left-out',
    'last-not-reached': 'bad',
    'channel-deleted': 'bad',
    'team-deleted': 'bad',
    'team-archived': 'bad',
    removed: 'bad',
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
