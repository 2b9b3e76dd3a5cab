import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Block } from '../../chat/view.ts';
import { cleanLine } from '../../lib/clean.ts';
import { restoreBackup, writeBackup } from '../../operator/archive.ts';
import { auditEscalation } from '../../operator/audit.ts';
import { listCases } from '../../operator/cases.ts';
import { OperatorFault } from '../../operator/fault.ts';
import { findPerson, forgetPerson } from '../../operator/forget.ts';
import { type OpenedStore, withStore } from '../../operator/open.ts';
import { readStats, statsAsCsv } from '../../operator/stats.ts';
import { translator } from '../../wording/catalogue/catalogue.ts';
import {
  auditBlocks,
  backupBlocks,
  casesBlocks,
  faultInWords,
  forgottenBlocks,
  jobsBlocks,
  restoredBlocks,
  retriedBlocks,
} from '../../wording/messages/operator.ts';
import { statsBlocks } from '../../wording/messages/stats.ts';
import { printable } from '../json.ts';
import { renderBlocks } from '../render.ts';
import type { Terminal } from '../surroundings.ts';
import type { OperatorCommand } from './arguments.ts';

/** In characters: a sentence of ours with names or a path in it. */
const longestLine = 1_000;

/** What a command has found or done: for machines, and in words. */
type Result = { json: unknown; blocks: Block[]; csv?: string };

type Asked<T extends OperatorCommand['type']> = Extract<OperatorCommand, { type: T }>;

const cases = async (
  { isOpen }: Asked<'cases'>,
  { store }: OpenedStore,
  { locale }: Terminal,
): Promise<Result> => {
  const listed = await listCases(store, { isOpen });
  const json = {
    ...listed,
    cases: listed.cases.map(({ openedAt, ...one }) => ({
      ...one,
      openedAt: new Date(openedAt).toISOString(),
    })),
  };
  return { json, blocks: casesBlocks(listed, Date.now(), locale) };
};

const jobs = async (
  { givenUp: onlyGivenUp, retry }: Asked<'jobs'>,
  { store }: OpenedStore,
  { locale }: Terminal,
): Promise<Result> => {
  if (retry !== null) {
    const job = await store.retry(retry, Date.now());
    if (job === null) throw new OperatorFault({ type: 'no-such-job', id: retry });
    const retried = { id: retry, job };
    return { json: { retried }, blocks: retriedBlocks(retried, locale) };
  }
  const { waiting, givenUp } = await store.jobsAt(Date.now());
  const listed = { waiting: onlyGivenUp ? null : waiting, givenUp };
  const json = {
    ...(onlyGivenUp
      ? {}
      : { waiting: waiting.map(({ dueAt, ...job }) => ({ ...job, dueAt: new Date(dueAt).toISOString() })) }),
    givenUp: givenUp.map(({ givenUpAt, ...job }) => ({
      ...job,
      givenUpAt: new Date(givenUpAt).toISOString(),
    })),
  };
  return { json, blocks: jobsBlocks(listed, locale) };
};

const stats = async (
  { since }: Asked<'stats'>,
  { store }: OpenedStore,
  { locale }: Terminal,
): Promise<Result> => {
  const read = await readStats(store, since);
  const json = { ...read, since: since === null ? null : new Date(since).toISOString().slice(0, 10) };
  return { json, blocks: statsBlocks(read, locale), csv: statsAsCsv(read) };
};

const audit = async (
  { id }: Asked<'audit'>,
  { store }: OpenedStore,
  { locale }: Terminal,
): Promise<Result> => {
  const audited = await auditEscalation(store, id);
  const history = audited.history.map(({ at, ...entry }) => ({ at: new Date(at).toISOString(), ...entry }));
  return { json: { ...audited, history }, blocks: auditBlocks(audited, locale) };
};

/** @throws OperatorFault where it is not meant, or nobody can be asked */
const confirm = async (question: string, yes: string): Promise<void> => {
  if (!process.stdin.isTTY) throw new OperatorFault({ type: 'needs-yes' });
  // On standard error, so that what is piped onwards stays clean.
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal
    .question(`${cleanLine(question, longestLine)} `)
    .finally(() => terminal.close());
  if (answer.trim().toLowerCase() !== yes) throw new OperatorFault({ type: 'not-confirmed' });
};

const forget = async (
  { person: typed, isConfirmed }: Asked<'forget'>,
  opened: OpenedStore,
  { locale }: Terminal,
): Promise<Result> => {
  const t = translator(locale);
  const known = await findPerson(opened.store, typed);
  const person = `${known.platform}:${known.id}`;
  const question = t('operator:forget.ask', { person, name: [...known.names] });
  if (!isConfirmed) await confirm(question, t('operator:forget.yes'));
  const forgotten = await forgetPerson(opened, known);
  return { json: forgotten, blocks: forgottenBlocks(forgotten, locale) };
};

const carryOut = async (command: OperatorCommand, terminal: Terminal): Promise<Result> => {
  const { locale, typedIn } = terminal;
  switch (command.type) {
    case 'cases':
      return withStore((opened) => cases(command, opened, terminal));
    case 'jobs':
      return withStore((opened) => jobs(command, opened, terminal));
    case 'stats':
      return withStore((opened) => stats(command, opened, terminal));
    case 'audit':
      return withStore((opened) => audit(command, opened, terminal));
    case 'forget':
      return withStore((opened) => forget(command, opened, terminal));
    case 'backup': {
      const file = resolve(typedIn, command.file);
      const counts = await withStore(({ store }) => writeBackup(store, file, Date.now()));
      return { json: { file, rows: counts }, blocks: backupBlocks(file, counts, locale) };
    }
    case 'restore': {
      const file = resolve(typedIn, command.file);
      const { counts, aside } = await restoreBackup(file, Date.now());
      return { json: { file, rows: counts, aside }, blocks: restoredBlocks(file, { counts, aside }, locale) };
    }
    default:
      return command satisfies never;
  }
};

/** Runs an operator's command and prints what came of it. Returns the exit status. */
export const operator = async (command: OperatorCommand, terminal: Terminal): Promise<number> => {
  const { locale, colour, output } = terminal;
  const t = translator(locale);
  const complain = (line: string, status: number): number => {
    process.stderr.write(`${cleanLine(line, longestLine)}\n`);
    return status;
  };
  try {
    const { json, blocks, csv = '' } = await carryOut(command, terminal);
    const paper = { width: Math.min(output.columns || 80, 100), colour: colour && output.isTTY };
    if (command.type === 'stats' && command.csv) output.write(csv);
    else output.write(command.json ? `${printable(json)}\n` : `${renderBlocks(blocks, paper)}\n`);
    return 0;
  } catch (error) {
    if (error instanceof OperatorFault)
      return complain(faultInWords(error.fault, locale), error.fault.type === 'needs-yes' ? 2 : 1);
    return complain(
      t('operator:fault.failed', { name: error instanceof Error ? error.name : typeof error }),
      1,
    );
  }
};
