import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../src/cli/arguments.ts';
import { readConfig } from '../../src/config/index.ts';
import { checkSchema } from '../../src/conversation/state/check.ts';
import type { RequirementId } from '../../src/diagnosis/policy.ts';
import { rule } from '../../src/diagnosis/rule.ts';
import { type Policy, policies, policyDate, policyIds } from '../../src/diagnosis/target/hubspot/index.ts';
import { locales } from '../../src/language.ts';
import { finished } from './finished.ts';

const root = join(import.meta.dirname, '..', '..');

const verdict = (policy: Policy, requirement: RequirementId, reason: string) =>
  rule(requirement, reason, { policy, proven: false }).verdict;

describe('Policies', () => {
  it('judge by themselves, else by the one that they follow', () => {
    expect(verdict('hubspot-2017', 'tls-min-version', 'legacy-only')).toBe('fail');
    expect(verdict('hubspot-2024', 'tls-min-version', 'legacy-only')).toBe('warn');
    expect(verdict('hubspot-2024', 'tls-min-version', 'tls11-only')).toBe('warn');
    const both = { policy: 'hubspot-2024', proven: false } as const;
    expect(rule('tls-min-version', 'legacy-only', both).policiesDisagree).toBe(true);
    expect(rule('tls-min-version', 'tls11-only', both).policiesDisagree).toBe(false);
  });

  it('follow an older one, so that no chain is endless', () => {
    for (const id of policyIds) {
      const { follows } = policies[id];
      if (follows !== null) expect(policyDate(follows) < policyDate(id)).toBe(true);
    }
  });
});

describe('The id that the first rules had in earlier versions', () => {
  it('is taken in a command, and gives the rules of today’s id', () => {
    const { command } = parseCommand(['check', 'rep@example.test', '--policy', 'seed-2017']);
    expect(command).toMatchObject({ type: 'check', policy: 'hubspot-2017' });
  });

  it('is taken as a setting', () => {
    expect(readConfig({ POLICY: 'seed-2017' }).POLICY).toBe('hubspot-2017');
    expect(() => readConfig({ POLICY: 'seed-2018' })).toThrow(
      'POLICY: expected hubspot-2017 or hubspot-2024',
    );
  });

  it('is read from what was stored', () => {
    const check = finished([], { untrusted: false });
    const stored = { ...check, assessment: { ...check.assessment, policy: 'seed-2017' } };
    expect(checkSchema.parse(stored).assessment?.policy).toBe('hubspot-2017');
    const unknown = { ...check, assessment: { ...check.assessment, policy: 'seed-2018' } };
    expect(checkSchema.safeParse(unknown).success).toBe(false);
  });
});

it('each set of rules is named wherever people choose one', async () => {
  const places = [
    '.env.example',
    ...locales.flatMap((locale) =>
      ['terminal', 'doctor'].map((subject) => `locales/${locale}/${subject}.json`),
    ),
  ];
  const texts = await Promise.all(
    places.map(async (place) => ({ place, text: await readFile(join(root, place), 'utf8') })),
  );
  const lacks = texts.flatMap(({ place, text }) =>
    policyIds.filter((id) => !text.includes(id)).map((id) => `${place}: ${id}`),
  );
  expect(lacks).toEqual([]);
});
