/** The commands with which an operator looks after the store; what they are called with. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

export type OperatorCommand =
  | { type: 'cases'; isOpen: boolean; json: boolean }
  | { type: 'jobs'; givenUp: boolean; retry: number | null; json: boolean }
  | { type: 'audit'; id: string; json: boolean }
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

const withoutArgument = (
  type: 'cases' | 'jobs',
  values: Readonly<Record<string, unknown>>,
): OperatorCommand | OperatorUsage => {
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
    options: { ...others, ...own.cases, ...own.jobs, ...own.forget, ...common },
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
    name === 'cases' || name === 'jobs'
      ? withoutArgument(name, values)
      : withArgument(name, positionals[1], values);
  return 'code' in read ? { problem: read } : { command: read };
};
