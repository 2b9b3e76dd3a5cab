/** A job in its row, and as it is known outside. What earlier versions have stored is read here, and nowhere else. */
import type { Selectable } from 'kysely';
import { z } from 'zod';
import { type JobKind, jobKinds, jobSchema, type Work } from '../../../conversation/events/job.ts';
import { type Job, UnreadableJob } from '../../ports.ts';
import { parseJson } from '../json.ts';
import type { JobRow } from '../schema.ts';

export const toRow = (work: Work): { kind: JobKind; payload: string } => {
  const { kind, payload } = z.encode(jobSchema, work);
  return { kind, payload: JSON.stringify(payload) };
};

/** What a kind was called before. */
const formerly: Readonly<Partial<Record<JobKind, string>>> = { 'hand-over-again': 'hand-over' };

/** All that rows of these kinds are called. */
export const storedKinds = (kinds: readonly JobKind[]): string[] =>
  kinds.flatMap((kind) => [kind, formerly[kind] ?? []].flat());

const lostLogin = z.strictObject({ checkId: z.string(), withLogin: z.literal('yes') });

/** In the words of today. */
const upToDate = (kind: string, payload: unknown): { kind: string; payload: unknown } => {
  const lost = kind === 'diagnose' ? lostLogin.safeParse(payload).data : undefined;
  if (lost) return { kind: 'login-lost', payload: { checkId: lost.checkId } };
  const known = jobKinds.find((one) => formerly[one] === kind);
  return { kind: known ?? kind, payload };
};

/** @throws UnreadableJob */
export const fromRow = (row: Selectable<JobRow>): Job => {
  const leased = {
    id: row.id,
    conversationId: row.conversation_id,
    attempts: row.attempts,
    lease: z.string().parse(row.lease),
    begun: row.begun === 1,
  };
  try {
    const stored = upToDate(row.kind, parseJson(row.payload, `the payload of job ${row.id}`));
    return { ...jobSchema.parse(stored), ...leased, queue: row.queue, runAt: row.run_at };
  } catch (cause) {
    throw new UnreadableJob({ ...leased, kind: row.kind }, { cause });
  }
};
