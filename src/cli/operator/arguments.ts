/** The commands with which an operator looks after the store; what they are called with. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

export type OperatorCommand =
  | { type: 'cases'; isOpen: boolean; json: boolean }
  | { type: 'jobs'; givenUp: boolean; retry: number | null; json: boolean }
  | { type: 'audit'; id: string; json: boolean }
  /** `since`: milliseconds since the epoch; null: from the beginning. */
  | { type: 'stats'; since: number | null; csv: boolean; json: boolean }
  /** `isConfirmed`: nobody is asked whether it is meant. */
  | { type: 'forget'; person: string; isConfirmed: boolean; json: boolean }
  | { type: 'backup' | 'restore'; file: string; json: boolean };

export type OperatorUsage =
  | { code: 'case-missing' | 'person-missing' | 'file-missing'; command: string }
  | { code: 'argument-too-many'; argument: string }
  | { code: 'wrong-value'; option: string; expected: string };

const common = {
  json: { type: 'boolean' },
  locale: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const own = {
  cases: { open: { type: 'boolean' } },
  jobs: { 'given-up': { type: 'boolean' }, retry: { type: 'string' } },
  stats: { csv: { type: 'boolean' }, since: { type: 'string' } },
  audit: {},
  forget: { yes: { type: 'boolean' } },
  backup: {},
  restore: {},
} as const satisfies Record<string, ParseArgsOptionsConfig>;

type Name = keyof typeof own;
const missing = {
  audit: 'case-missing',
  forget: 'person-missing',
  backup: 'file-missing',
  restore: 'file-missing',
} as const;

type Read = { command: OperatorCommand } | { problem: OperatorUsage } | { help: true };

/** Numbers of jobs are given out from 1. */
const jobNumber = (typed: string): number | null => (/^[1-9]\d{0,15}$/u.test(typed) ? Number(typed) : null);

/** A day by UTC; null: it is none. */
const dayOf = (typed: string): number | null => {
  const isDay = /^\d{4}-\d\d-\d\d$/u.test(typed);
  const at = isDay ? Date.parse(`${typed}T00:00:00Z`) : Number.NaN;
  // 2026-02-30 would be a day in March.
  return Number.isNaN(at) || !new Date(at).toISOString().startsWith(typed) ? null : at;
};

const statsOf = (values: Readonly<Record<string, unknown>>): OperatorCommand | OperatorUsage => {
  const [csv, json] = [values.csv === true, values.json === true];
  if (csv && json) return { code: 'wrong-value', option: '--csv', expected: '--csv | --json' };
  const since = typeof values.since === 'string' ? dayOf(values.since) : null;
  if (values.since !== undefined && since === null)
    return { code: 'wrong-value', option: '--since', expected: 'YYYY-MM-DD' };
  return { type: 'stats', since, csv, json };
};

const withoutArgument = (
  type: 'cases' | 'jobs' | 'stats',
  values: Readonly<Record<string, unknown>>,
): OperatorCommand | OperatorUsage => {
  if (type === 'stats') return statsOf(values);
  const json = values.json === true;
  if (type === 'cases') return { type, isOpen: values.open === true, json };
  const typed = typeof values.retry === 'string' ? values.retry : null;
  const retry = typed === null ? null : jobNumber(typed);
  if (typed !== null && retry === null)
    return { code: 'wrong-value', option: '--retry', expected: '1, 2, 3' };
  return { type, givenUp: values['given-up'] === true, retry, json };
};

const withArgument = (
  type: keyof typeof missing,
  typed: string | undefined,
  values: Readonly<Record<string, unknown>>,
): OperatorCommand | OperatorUsage => {
  const argument = typed?.trim() ?? '';
  if (argument === '') return { code: missing[type], command: type };
  const json = values.json === true;
  if (type === 'audit') return { type, id: argument, json };
  return type === 'forget'
    ? { type, person: argument, isConfirmed: values.yes === true, json }
    : { type, file: argument, json };
};

/**
 * Null: another command. `others`: the options of the other commands, whose values are no commands.
 * @throws TypeError as `parseArgs` does, for an option that the command has not
 */
export const readOperatorCommand = (args: readonly string[], others: ParseArgsOptionsConfig): Read | null => {
  const loose = parseArgs({
    args: [...args],
    options: { ...others, ...own.cases, ...own.jobs, ...own.stats, ...own.forget, ...common },
    allowPositionals: true,
    strict: false,
  });
  const [typed = ''] = loose.positionals;
  const name = (Object.keys(own) as Name[]).find((known) => known === typed);
  if (name === undefined) return null;
  const options: ParseArgsOptionsConfig = { ...own[name], ...common };
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  if (values.help) return { help: true };
  const { locale } = values;
  if (locale !== undefined && locale !== 'de' && locale !== 'en')
    return { problem: { code: 'wrong-value', option: '--locale', expected: 'de | en' } };
  const takes = name in missing ? 2 : 1;
  const extra = positionals[takes];
  if (extra !== undefined) return { problem: { code: 'argument-too-many', argument: extra } };
  const read =
    name === 'cases' || name === 'jobs' || name === 'stats'
      ? withoutArgument(name, values)
      : withArgument(name, positionals[1], values);
  return 'code' in read ? { problem: read } : { command: read };
};
