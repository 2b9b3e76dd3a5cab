import { performance } from 'node:perf_hooks';
import { type CheckResult, type CheckSurroundings, runCheck } from '../check.ts';
import type { Account } from '../diagnosis/account/account.ts';
import type { Proposal } from '../diagnosis/account/provider.ts';
import type { OverallVerdict } from '../diagnosis/finding.ts';
import { recogniseProvider } from '../discovery/recognise.ts';
import { limits } from '../net/limits.ts';
import type { Rehearsal } from '../probe/diagnose.ts';
import type { Secret } from '../secret.ts';
import { findingText } from '../wording/findings/findings.ts';
import type { CheckCommand } from './command.ts';
import { partsOf, proposalFor, type Terminal } from './surroundings.ts';

const exitCodes = {
  ready: 0,
  'ready-with-warnings': 0,
  blocked: 1,
  inconclusive: 3,
} as const satisfies Record<OverallVerdict, number>;

/** What nobody typed is proposed for the address; each server on its own. */
const complete = (command: CheckCommand, proposal: Proposal): Account => {
  const { account, usernameTyped } = command;
  const { imap, smtp, username } = proposal;
  // Said by whoever named the servers, and so known before anybody logs in.
  const isDifferent = !account.imap && !account.smtp && proposal.hints.includes('different-usernames');
  return {
    ...account,
    smtpLogin: isDifferent ? 'different' : account.smtpLogin,
    imap: account.imap ?? imap,
    smtp: account.smtp ?? smtp,
    username: usernameTyped ? account.username : (username ?? account.username),
  };
};

/** The account to check and who hosts it; asks for a proposal where a server was not typed. */
const prepare = async (
  command: CheckCommand,
  parts: Pick<CheckSurroundings, 'network' | 'authorities'>,
): Promise<{ account: Account } & Pick<CheckSurroundings, 'recogniseProvider'>> => {
  const { account } = command;
  const { records } = parts.network;
  if (account.imap && account.smtp)
    return {
      account,
      recogniseProvider: (address, signal) => recogniseProvider(address, { records, signal }),
    };
  const proposal = await proposalFor(account.address, parts);
  return { account: complete(command, proposal), recogniseProvider: async () => proposal.provider };
};

const shown = (endpoint: CheckCommand['account']['imap'], result: CheckResult) => {
  if (!endpoint) return null;
  const used = result.assessment.findings.find((finding) => finding.endpoint?.service === endpoint.service);
  return { host: endpoint.host, port: endpoint.port, encryption: used?.endpoint?.encryption ?? null };
};

const toJson = (account: Account, result: CheckResult, locale: Terminal['locale']) => {
  const { assessment, observations, durationMs } = result;
  return {
    verdict: assessment.verdict,
    loginTested: assessment.loginTested,
    rehearsed: result.rehearsed,
    policy: assessment.policy,
    account: {
      address: account.address,
      imap: shown(account.imap, result),
      smtp: shown(account.smtp, result),
      username: account.username,
    },
    findings: assessment.findings.map((finding) => ({
      ...finding,
      text: findingText(finding, account, locale),
    })),
    observations,
    durationMs,
    settings: assessment.settings,
    servers: assessment.servers ?? [],
  };
};

/**
 * Runs `check` and prints its result. Returns the exit status, and where it was broken off what is to be said of that.
 * @throws UnreadableAuthorities
 */
export const check = async (
  command: CheckCommand,
  terminal: Terminal & { secret: Secret | null; rehearsal: Rehearsal | null },
): Promise<{ status: number; remark: string | null }> => {
  const { locale, secret, rehearsal, output } = terminal;
  const started = performance.now();
  const surroundings = await partsOf(command, terminal);
  const { account, recogniseProvider: recognise } = await prepare(command, surroundings);
  const paper = command.json ? null : await (await import('./paper.ts')).openPaper(account, terminal);
  const parts: CheckSurroundings = {
    ...surroundings,
    policy: command.policy,
    now: Date.now,
    // Finding the servers is part of the time that was given.
    timeoutMs: Math.max(1, Math.round((command.timeoutMs ?? limits.wholeMs) - performance.now() + started)),
    ...(recognise ? { recogniseProvider: recognise } : {}),
  };
  const signal = rehearsal ? (await import('./rehearsal.ts')).interruption() : null;
  const result = await runCheck(account, parts, {
    ...(secret ? { secret } : {}),
    ...(rehearsal && signal ? { rehearsal, signal } : {}),
    ...paper?.watch,
  });
  const isBrokenOff = signal?.aborted === true;
  if (paper) paper.print(isBrokenOff ? null : result);
  else {
    const { printable } = await import('./json.ts');
    output.write(`${printable(toJson(account, result, locale))}\n`);
  }
  const remark = isBrokenOff ? (await import('./rehearsal.ts')).whatStays(result, locale) : null;
  return { status: exitCodes[result.assessment.verdict], remark };
};
