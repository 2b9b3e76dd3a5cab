/** What a requirement says of itself is held against what real servers show, and against what must never change by mistake. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canTestLogin } from '../../src/conversation/check/login-test.ts';
import { newConversation } from '../../src/conversation/state/conversation.ts';
import type { Finding } from '../../src/diagnosis/finding.ts';
import { type RequirementId, requirementIds } from '../../src/diagnosis/policy.ts';
import { stateAfter } from '../../src/diagnosis/progress.ts';
import { requirementsById } from '../../src/diagnosis/requirements/index.ts';
import { hintBlocks } from '../../src/wording/forms/before-login.ts';
import { check } from '../journeys/login-cases.ts';
import { type Authority, closedPort, REP, scope, startDovecot, startPostfix } from '../mail-servers/index.ts';
import { finished } from './finished.ts';

const servers = scope();
let ca: Authority;
let without: readonly Finding[];
let withLogin: readonly Finding[];
let unreachable: readonly Finding[];

beforeAll(async () => {
  ca = await servers.authority();
  const certificate = await ca.issue();
  const imap = await servers.start(startDovecot({ certificate, users: [REP] }));
  const smtp = await servers.start(startPostfix({ certificate, authSocket: imap.authSocket }));
  const pair = { imap: { port: imap.imapsPort }, smtp: { port: smtp.smtpsPort }, ca };
  const closed = { port: (await closedPort()).port };
  const findings = async (given: Parameters<typeof check>[0]) => (await check(given)).assessment.findings;
  without = await findings({ ...pair, password: null });
  withLogin = await findings(pair);
  unreachable = await findings({ imap: closed, smtp: closed, ca, password: null });
});
afterAll(() => servers.stop());

const idsOf = (findings: readonly Finding[], holds: (finding: Finding) => boolean): RequirementId[] =>
  requirementIds.filter((id) => findings.some((one) => one.requirement === id && holds(one)));
const idsThat = (holds: (one: (typeof requirementsById)[RequirementId]) => boolean): RequirementId[] =>
  requirementIds.filter((id) => holds(requirementsById[id]));

describe('Given a healthy account', () => {
  it('what only a login or a rehearsal shows is not tested without one, and all else is', () => {
    // What the rep states of her logins shows at once, and only a login proves it.
    const stated = ['same-credentials'];
    expect([...idsOf(without, ({ reason }) => reason === 'not-tested'), ...stated].sort()).toEqual(
      idsThat(({ shownBy }) => shownBy === 'login' || shownBy === 'rehearsal').sort(),
    );
  });

  it('a login shows all of it; what never shows, or only by doing what HubSpot does, stays open', () => {
    expect(idsOf(withLogin, ({ verdict }) => verdict !== 'pass')).toEqual(
      idsThat(({ shownBy }) => shownBy === 'never' || shownBy === 'rehearsal'),
    );
  });
});

it('Given nobody answers, then what was not reached names the gate that stood in the way, and no gate hides behind itself', () => {
  const hidden = unreachable.filter(({ reason }) => reason === 'not-reached');
  expect(new Set(hidden.map(({ evidence }) => evidence.because))).toEqual(
    new Set(['imap-port-open', 'smtp-port-open']),
  );
  expect(idsOf(unreachable, ({ reason }) => reason === 'not-measured')).toEqual([]);
});

describe('What must not change by mistake', () => {
  it('the gates', () => {
    const byGate = (gate: string) => idsThat((one) => 'gate' in one && one.gate === gate);
    expect(byGate('everything')).toEqual([
      ...['public-address', 'imap-port-open', 'smtp-port-open', 'imap-smtp-supported'],
      ...['imap-encryption', 'smtp-tls', 'tls-min-version'],
    ]);
    expect(byGate('login')).toEqual(['auth-mechanism']);
  });

  it.each([
    'imap-encryption',
    'smtp-tls',
    'auth-mechanism',
    'cert-trusted',
    'cert-chain-complete',
    'cert-name',
    'cert-validity',
  ] as const)('no password is sent where %s is not met', (id) => {
    const failing = without.map((one) =>
      one.requirement === id ? { ...one, verdict: 'fail' as const, reason: 'changed' } : one,
    );
    expect(canTestLogin(finished(without, { untrusted: false }))).toBe(true);
    expect(canTestLogin(finished(failing, { untrusted: false }))).toBe(false);
    expect(canTestLogin(finished(failing, { untrusted: true }))).toBe(id.startsWith('cert-'));
  });

  it('a step of a login is good only with an accepted login, whatever else passed at it', () => {
    expect(without.some((one) => one.hubspotStep === 'imap-login' && one.verdict === 'pass')).toBe(true);
    expect(stateAfter('imap-login', without)).toBe('skipped');
    expect(stateAfter('imap-login', withLogin)).toBe('good');
  });

  it.each(['app-password', 'imap-enabled-account', 'native-connection-first'] as const)(
    'what a finding of %s says is not said again as a hint',
    (id) => {
      const { account, assessment } = finished(without, { untrusted: false });
      if (!assessment) throw new Error('expected a check that has ended');
      const { address } = account;
      const start = {
        person: { platform: 'slack', id: 'U1', name: 'Jana' },
        locale: 'de',
        at: 0,
        address,
      } as const;
      const found = {
        provider: null,
        source: 'provider-table',
        imap: null,
        smtp: null,
        username: null,
      } as const;
      const proposal = { ...found, hints: ['switch-imap-on'] as const };
      const conversation = {
        ...newConversation('one', start),
        lookup: { state: 'found', address, proposal } as const,
      };
      const blocks = (findings: readonly Finding[]) =>
        hintBlocks(conversation, { account, assessment: { ...assessment, findings: [...findings] } });
      expect(blocks(without)).toHaveLength(1);
      const said = without.map((one) =>
        one.requirement === id ? { ...one, verdict: 'warn' as const, reason: 'changed' } : one,
      );
      expect(blocks(said)).toEqual([]);
    },
  );
});
