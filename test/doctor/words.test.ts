/** Whatever the doctor can find has its words, in both languages. */
import { expect, test } from 'vitest';
import { type Found, findings, outcomeOf } from '../../src/doctor/examination.ts';
import { examinationBlocks, foundText } from '../../src/wording/messages/doctor.ts';

const all = Object.entries(findings).flatMap(([part, outcomes]) =>
  Object.keys(outcomes).map((what) => ({ part, found: what })),
);
/** As many as any of them has. */
const values = {
  ...{
    file: '.env',
    line: 3,
    name: 'PROT',
    likely: 'PORT',
    variable: 'PORT',
    mode: '666',
    count: 1,
    code: 'ECONNREFUSED',
  },
  ...{ url: 'https://bot.firma.example', to: 'https://www.firma.example', status: 404, host: 'mail.example' },
  ...{
    ports: ['993'],
    scopes: ['commands'],
    networks: ['127.0.0.0/8'],
    platform: 'Slack',
    faults: ['de/welcome/blocks/0: failed_constraint'],
    place: 'DATA_DIR',
    seconds: 90,
  },
};

test.each(all)('$part: $found', ({ part, found }) => {
  const one = { part, found, values } as Found;
  expect(outcomeOf(one)).toMatch(/^(?:good|warning|bad|left-out)$/u);
  for (const locale of ['de', 'en'] as const) {
    expect(foundText(one, locale)).toMatch(/^\S+ .*[.!]$/u);
    const shown = JSON.stringify(examinationBlocks([one], locale));
    expect(shown).not.toMatch(/\{\{|–|undefined|doctor:/u);
  }
});
