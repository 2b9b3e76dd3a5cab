import { readFile } from 'node:fs/promises';
import type { Account } from './diagnosis/account/account.ts';
import type { Provider } from './diagnosis/account/provider.ts';
import { assess } from './diagnosis/assess.ts';
import type { Assessment } from './diagnosis/finding.ts';
import { answered, extentsFor, type Question } from './diagnosis/observed/extent.ts';
import type { Observation, ObservationOf } from './diagnosis/observed/observation.ts';
import type { Pinned } from './diagnosis/observed/server-facts.ts';
import { progressOf, type StepProgress } from './diagnosis/progress.ts';
import type { Policy } from './diagnosis/target/hubspot/index.ts';
import { codeOf } from './lib/error-code.ts';
import type { Network } from './net/network.ts';
import type { DiagnoseOptions, Diagnosis, Rehearsal } from './probe/diagnose.ts';
import { parseAuthorities } from './probe/tls/trust.ts';
import type { Secret } from './secret.ts';

/** A file named for its certificates holds none. The cause is kept; the message names only the file. */
export class UnreadableAuthorities extends Error {
  readonly code = 'unreadable-authorities';
  constructor(file: string, options: { cause: unknown }) {
    const isMissing = codeOf(options.cause) === 'ENOENT';
    super(
      isMissing ? `there is no file ${file}` : `${file} holds no readable certificate in PEM form`,
      options,
    );
    this.name = 'UnreadableAuthorities';
  }
}

/** The CAs of a PEM file, trusted besides Mozilla's. @throws UnreadableAuthorities */
export const readAuthorities = async (file: string | null) => {
  if (file === null) return [];
  try {
    return parseAuthorities(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new UnreadableAuthorities(file, { cause });
  }
};

export type CheckSurroundings = {
  network: Network;
  authorities: Awaited<ReturnType<typeof readAuthorities>>;
  policy: Policy;
  /** Milliseconds since the epoch. */
  now(): number;
  timeoutMs?: number | null;
  /** Who talks to the servers; this thread unless said, which loads what it needs for that only then. */
  probe?(account: Account, options: Omit<DiagnoseOptions, 'network' | 'authorities'>): Promise<Diagnosis>;
  /** Who hosts the mailbox; null: not known. Asked beside the probes; the check does not wait for the answer. */
  recogniseProvider?(address: string, signal: AbortSignal): Promise<Provider | null>;
};

export type CheckResult = {
  assessment: Assessment;
  observations: Observation[];
  transcripts: { service: 'imap' | 'smtp'; lines: ObservationOf<'transcript'>['lines'] }[];
  durationMs: number;
  /** There was consent and both logins were accepted, so what HubSpot does was done once. */
  rehearsed: boolean;
};

export type CheckWatch = {
  signal?: AbortSignal;
  /** Given: the login is tested with it, once per server. It is in no result. */
  secret?: Secret;
  /** Given: nothing else is looked at, and nothing else is said. */
  question?: Question;
  /** By service the certificate (SHA-256) that the check before the login has seen. */
  pinned?: Pinned;
  /**
   * Given: there is consent to a rehearsal, once both logins are accepted. Where `signal` comes during it, what it has made
   * is cleared away, for five seconds at most, and what stays is in the result.
   */
  rehearsal?: Rehearsal;
  /** What is seen, as it is seen. Of a test mail that is about to be sent, what this gives is waited for. */
  onObservation?(seen: Observation): void | Promise<void>;
  onProgress?(steps: readonly StepProgress[]): void;
};

/** One whole check: look, then judge. The terminal and every chat run this and nothing else. */
export const runCheck = async (
  account: Account,
  parts: CheckSurroundings,
  watch: CheckWatch,
): Promise<CheckResult> => {
  const { network, authorities, policy, now, timeoutMs } = parts;
  let provider: Provider | null = null;
  const over = new AbortController();
  // A failure here is ours and leaves the provider unknown.
  void parts.recogniseProvider?.(account.address, over.signal).then(
    (found) => {
      provider = found;
    },
    () => {},
  );
  const context = () => ({ now: now(), policy, provider });
  const soFar: Observation[] = [];
  const probe: NonNullable<CheckSurroundings['probe']> =
    parts.probe ??
    (async (whose, options) => {
      const { diagnose } = await import('./probe/diagnose.ts');
      return diagnose(whose, { network, authorities, ...options });
    });
  const { question } = watch;
  const { observations, durationMs } = await probe(account, {
    ...(question ? { extents: extentsFor(question) } : {}),
    ...(watch.signal ? { signal: watch.signal } : {}),
    ...(watch.secret ? { secret: watch.secret } : {}),
    ...(watch.pinned ? { pinned: watch.pinned } : {}),
    ...(watch.rehearsal ? { rehearsal: watch.rehearsal } : {}),
    ...(timeoutMs ? { timeoutMs } : {}),
    onObservation: (seen) => {
      soFar.push(seen);
      const heard = watch.onObservation?.(seen);
      const asked = { login: watch.secret !== undefined, rehearsal: watch.rehearsal !== undefined };
      watch.onProgress?.(progressOf(account, soFar, { ...context(), ...asked }));
      return heard;
    },
  });
  over.abort();
  const assessment = assess(account, observations, context());
  return {
    assessment: question ? answered(assessment, question) : assessment,
    observations,
    transcripts: observations.flatMap((seen) =>
      seen.type === 'transcript' ? [{ service: seen.service, lines: seen.lines }] : [],
    ),
    durationMs,
    rehearsed: observations.some(({ type }) => type === 'rehearsal'),
  };
};
