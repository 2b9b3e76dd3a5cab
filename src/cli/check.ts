import { resolve } from 'node:path';
import { type CheckParts, type CheckResult, readAuthorities, runCheck } from '../check.ts';
import type { OverallVerdict } from '../diagnosis/finding.ts';
import type { StepProgress } from '../diagnosis/progress.ts';
import { createGuard } from '../net/guard.ts';
import { createNetwork } from '../net/network.ts';
import { checklistBlock, progressBlocks, stepsAfter } from '../wording/checklist.ts';
import { findingText } from '../wording/findings.ts';
import { reportBlocks } from '../wording/report.ts';
import type { CheckCommand } from './arguments.ts';
import { createLiveArea } from './live.ts';
import { renderBlocks } from './render.ts';

export type Terminal = {
  locale: 'de' | 'en';
  /** The folder in which the command was typed. */
  typedIn: string;
  colour: boolean;
  output: NodeJS.WriteStream;
};

const exitCodes = {
  ready: 0,
  'ready-with-warnings': 0,
  blocked: 1,
  inconclusive: 3,
} as const satisfies Record<OverallVerdict, number>;

const partsOf = async (command: CheckCommand, { typedIn }: Terminal): Promise<CheckParts> => ({
  // The command line runs with its user's own rights: it may connect to any address and port.
  network: createNetwork({
    guard: createGuard({ restricted: false, allowNetworks: command.allowNetworks, allowPorts: [] }),
    nameServers: command.nameServers,
  }),
  authorities: await readAuthorities(command.caFile === null ? null : resolve(typedIn, command.caFile)),
  policy: command.policy,
  now: Date.now,
  timeoutMs: command.timeoutMs,
});

const shown = (endpoint: CheckCommand['account']['imap'], result: CheckResult) => {
  if (!endpoint) return null;
  const used = result.assessment.findings.find((finding) => finding.endpoint?.service === endpoint.service);
  return { host: endpoint.host, port: endpoint.port, encryption: used?.endpoint?.encryption ?? null };
};

const toJson = ({ account }: CheckCommand, result: CheckResult, locale: Terminal['locale']) => {
  const { assessment, observations, durationMs } = result;
  return {
    verdict: assessment.verdict,
    loginTested: assessment.loginTested,
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

/** Runs `check` and prints its result. Returns the exit status. @throws UnreadableAuthorities */
export const check = async (command: CheckCommand, terminal: Terminal): Promise<number> => {
  const { locale, colour, output } = terminal;
  const { account } = command;
  const isLive = output.isTTY && !command.json;
  const paper = { width: Math.min(output.columns || 80, 100), colour: colour && output.isTTY };
  const live = isLive ? createLiveArea(output, paper) : null;
  const watch = live
    ? { onProgress: (steps: readonly StepProgress[]) => live.draw(progressBlocks(account, steps, locale)) }
    : {};
  const result = await runCheck(account, await partsOf(command, terminal), watch);
  const { assessment } = result;
  if (command.json) output.write(`${JSON.stringify(toJson(command, result, locale), null, 2)}\n`);
  else {
    live?.clear();
    const blocks = [
      checklistBlock(stepsAfter(assessment), locale),
      ...reportBlocks({ account, assessment }, locale),
    ];
    output.write(`${renderBlocks(blocks, paper)}\n`);
  }
  return exitCodes[assessment.verdict];
};
