import type { Incoming } from '../chat/port.ts';
import type { Transcript } from '../conversation/state/conversation.ts';
import type { Account } from '../diagnosis/account/account.ts';
import type { Service } from '../diagnosis/account/endpoint.ts';
import type { Proposal, Provider } from '../diagnosis/account/provider.ts';
import type { Assessment } from '../diagnosis/finding.ts';
import type { Question } from '../diagnosis/observed/extent.ts';
import type { Pinned } from '../diagnosis/observed/server-facts.ts';
import type { StepProgress } from '../diagnosis/progress.ts';
import type { Secret } from '../secret.ts';
import type { Store } from '../store/ports.ts';

/** What takes a step in a conversation. */
export type ForConversation = Exclude<Incoming, { type: 'home' }>;

/** Fields hold ids, counts and codes only: no address, no host, nothing a person typed. */
export type Log = Record<
  'debug' | 'info' | 'warn' | 'error',
  (fields: Readonly<Record<string, string | number | boolean | null>>, message: string) => void
>;

/** Milliseconds since the epoch. */
export type Clock = { now(): number };

export type Diagnosed = {
  assessment: Assessment;
  transcripts: Transcript[];
  durationMs: number;
  /** How long what HubSpot does took to be done once; null or absent: it was not done. */
  rehearsedMs?: number | null;
};

/** The services whose server nothing connects with the account's address. `proposal`: what was found for it. Never rejects. */
export type FindForeignServers = (
  account: Account,
  options: { proposal: Proposal | null; signal: AbortSignal },
) => Promise<Service[]>;

/** Where a host's name leads now; empty where it leads nowhere. Never rejects. */
export type AddressesOf = (host: string, signal: AbortSignal) => Promise<readonly string[]>;

/** Proposes settings for an address. Rejects for faults of ours only, or when `signal` is aborted. */
export type Discover = (
  address: string,
  options: {
    signal: AbortSignal;
    /** With what is known by then, in milliseconds. */
    withinMs: number;
  },
) => Promise<Proposal>;

/** Takes a token out of a bucket that all processes share. */
export type TakeToken = Store['take'];

/** One-time links. Only a hash of the token is kept. */
export type Links = Store['links'];

/** Our own mail, by the value of its header, so that nothing else of a mailbox has to be known. */
export type TestMailSeen = { header: string; phase: 'sending' | 'cleared' };

/** Once what HubSpot does, with one mail from the account to itself, behind both logins. */
export type RehearsalOrder = {
  /** How long the mail is waited for, in milliseconds. */
  patienceMs: number;
  /** Aborted: nobody wants it any more. What is there is cleared up, and the check ends with what is known. */
  cancelled: AbortSignal;
  /** Resolves when it is kept: before that nothing is sent, nor where it rejects. */
  onTestMail(seen: TestMailSeen): Promise<void>;
};

/**
 * Looks at an account's servers and judges them. With a `secret`, logs in once to each, and with a `rehearsal` more often.
 * Rejects for faults of ours only, or when `signal` is aborted; a rehearsal clears up before, for a few seconds at most.
 */
export type Diagnose = (
  account: Account,
  options: {
    signal: AbortSignal;
    secret: Secret | null;
    provider: Provider | null;
    /** Null: everything is looked at. */
    question?: Question | null;
    /** With a secret: what the check before has seen, which a certificate that nobody vouches for must be. */
    pinned?: Pinned;
    rehearsal?: RehearsalOrder;
    onProgress(steps: readonly StepProgress[]): void;
  },
) => Promise<Diagnosed>;

/** Hears what happens, to be counted: ids and codes only, since such labels are kept for months. */
export type Metrics = {
  /** Durations in milliseconds. */
  checked(result: {
    /** `check`: somebody waits for it; `watch`: a look at an open case. */
    kind: 'check' | 'watch';
    verdict: string;
    loginTested: boolean;
    durationMs: number;
    findings: readonly { requirement: string; verdict: string; reason: string | null }[];
  }): void;
  /** It ended without a result, by a fault of ours. */
  checkFailed(kind: 'check' | 'watch'): void;
  /** Somebody had agreed to a test mail. */
  rehearsed(result: {
    /** `not-begun`: a login was not accepted; `failed`: by a fault of ours. */
    outcome: 'held' | 'cancelled' | 'not-begun' | 'failed';
    /** What became of the mail. */
    reason: string;
    durationMs: number | null;
    /** Messages of ours that were not removed. */
    leftBehind: number;
  }): void;
  /** Something that came in was answered. */
  answered(platform: string, ms: number): void;
  /** A platform did not take what we sent. */
  refused(platform: string, code: string): void;
};

/** Times in milliseconds. */
export type WorkerLimits = {
  /** A job of a process that died runs again after this time. */
  leaseMs: number;
  /** How often the lease of a job under way is extended. */
  heartbeatMs: number;
  /** How long a job of another process may wait unnoticed; what is due here is woken for at its moment. */
  pollMs: number;
  /** Between two updates of one checklist; the chat platforms allow about one a second. */
  progressMs: number;
  diagnoses: number;
  /** Looks at open cases; they have time, and must not keep a rep waiting. */
  watches: number;
  deliveries: number;
  /** How often a message is started before it is given up: with these delays three quarters of an hour. */
  tries: number;
  /** The same for a check, which fails by itself long before; this ends one that takes its process down, or holds it up, each time. */
  checkTries: number;
  firstRetryMs: number;
  longestRetryMs: number;
  /** How long `stop` waits for what is under way. */
  stopMs: number;
  /** How long the first words to somebody new wait for her language. */
  profileMs: number;
  /** How long a form waits for settings. One that stands open can take them in later; another has what is known by then. */
  lookupMs: number;
  longestLookupMs: number;
  /** After this time a check with a login is called off, whatever it waits for. */
  loginMs: number;
  /** And after this time without a sign of the process that has the password. */
  loginLeaseMs: number;
  /** So much longer may one take that sends a test mail: its own end, and what it takes to clear up. */
  rehearsalMs: number;
  /** How long a page may be away that is loaded again, until it counts as closed. */
  leaveMs: number;
  /** How long `stop` waits where a test mail may have to be removed. */
  clearUpMs: number;
};

export const workerLimits: WorkerLimits = {
  leaseMs: 3500,
  heartbeatMs: 1000,
  pollMs: 500,
  progressMs: 1000,
  diagnoses: 50,
  watches: 5,
  deliveries: 8,
  tries: 60,
  checkTries: 3,
  firstRetryMs: 1000,
  longestRetryMs: 60_000,
  stopMs: 2000,
  profileMs: 1500,
  lookupMs: 700,
  longestLookupMs: 3000,
  loginMs: 45_000,
  loginLeaseMs: 7000,
  rehearsalMs: 96_000,
  leaveMs: 5000,
  clearUpMs: 6000,
};
