import type { Job, JobKind, JobOf } from '../../store/ports.ts';

/** What is done for one kind of job. */
export type Runner<J extends Job = Job> = {
  /** @throws PermanentFailure where another try cannot help */
  run(job: J, signal: AbortSignal): Promise<void>;
  /**
   * The queue in which a job that has to wait for its turn holds up nobody; null, as without this: its place in its own
   * queue matters.
   */
  aside?(job: J): Promise<string | null>;
  /** Called when the last try has failed. */
  giveUp(job: J): Promise<void>;
  /** How many of this kind run at once; what is beyond is left to other processes. */
  atOnce: number;
  /** How often a job is started before it is given up. */
  tries: number;
};

export type Runners = { readonly [K in JobKind]: Runner<JobOf<K>> };
