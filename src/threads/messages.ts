/** What goes between the bot's own thread and those that talk to mail servers. Plain data: it is copied on its way. */
import type { Account } from '../diagnosis/account/account.ts';
import type { PortRange } from '../diagnosis/account/parse.ts';
import type { Proposal } from '../diagnosis/account/provider.ts';
import type { Extents } from '../diagnosis/observed/extent.ts';
import type { Observation } from '../diagnosis/observed/observation.ts';
import type { Pinned } from '../diagnosis/observed/server-facts.ts';
import type { Rehearsal } from '../probe/diagnose.ts';

/** What a thread has to know before it may do anything. */
export type ProbeSurroundings = {
  allowNetworks: readonly string[];
  allowPorts: readonly PortRange[];
  nameServers: readonly string[];
  /** CAs that are trusted besides Mozilla's, in PEM form. */
  authorities: readonly string[];
  /** Ports that a proposal may name. */
  proposedPorts: readonly PortRange[];
};

export type Task =
  | {
      type: 'probe';
      account: Account;
      /** The bytes of the password; handed over and not copied, and wiped by whoever has read them. */
      password: Uint8Array<ArrayBuffer> | null;
      timeoutMs: number;
      extents: Extents | null;
      pinned: Pinned | null;
      rehearsal: Rehearsal | null;
    }
  | { type: 'discover'; address: string; withinMs: number };

/** Null: to be called off. `heard`: that a test mail is about to be sent is known, so it may be. */
export type Order = { id: number; task: Task | 'heard' | null };

export type Report =
  | { id: number; type: 'seen'; seen: Observation }
  | { id: number; type: 'probed' }
  | { id: number; type: 'discovered'; proposal: Proposal }
  /** By a fault of ours. */
  | { id: number; type: 'failed'; message: string };
