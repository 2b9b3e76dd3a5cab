import { parseArgs } from 'node:util';
import { isNameServer } from '../config/name-server.ts';
import { blocksOption } from '../config/terminal.ts';
import type { Account, AccountErrors, AccountField } from '../diagnosis/account/account.ts';
import type { Endpoint, Service } from '../diagnosis/account/endpoint.ts';
import { parseAddress, parseEndpoint, parseUsername } from '../diagnosis/account/parse.ts';
import { defaultPolicy, type Policy, policyIds, policyNamed } from '../diagnosis/target/hubspot/index.ts';
import { type Locale, locales } from '../language.ts';
import { parseNetwork } from '../net/guard.ts';
import type { CheckCommand, Command, DiscoverCommand, DoctorCommand, UsageProblem } from './command.ts';
import { readOperatorCommand } from './operator/arguments.ts';

const options = {
  imap: { type: 'string' },
  'imap-encryption': { type: 'string' },
  smtp: { type: 'string' },
  'smtp-encryption': { type: 'string' },
  username: { type: 'string' },
  'smtp-username': { type: 'string' },
  'password-stdin': { type: 'boolean' },
  'send-test-mail': { type: 'boolean' },
  'expect-untrusted-certificate': { type: 'boolean' },
  policy: { type: 'string' },
  locale: { type: 'string' },
  timeout: { type: 'string' },
  dns: { type: 'string' },
  ca: { type: 'string' },
  'allow-network': { type: 'string', multiple: true },
  [blocksOption]: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

class Usage extends Error {
  readonly code = 'usage';
  readonly problem: UsageProblem;
  constructor(problem: UsageProblem) {
    super(problem.code);
    this.name = 'Usage';
    this.problem = problem;
  }
}

const refuse = (problem: UsageProblem): never => {
  throw new Usage(problem);
};

const read = (args: readonly string[]) =>
  parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
type OptionValues = ReturnType<typeof read>['values'];

const problemOf = (error: unknown): UsageProblem => {
  if (error instanceof Usage) return error.problem;
  if (!(error instanceof TypeError) || !('code' in error)) throw error;
  const option = /'(-[^' ]*)/u.exec(error.message)?.[1] ?? '';
  return error.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION'
    ? { code: 'unknown-option', option }
    : { code: 'option-without-value', option };
};

const oneOf = <T extends string>(option: string, value: string, known: readonly T[]): T =>
  known.find((one) => one === value) ?? refuse({ code: 'wrong-value', option, expected: known.join(' | ') });

const field = (option: string | null, name: AccountField, error: AccountErrors[AccountField]): never =>
  refuse({ code: 'field', option, errors: { [name]: error } });

const endpointOf = (service: Service, values: OptionValues): Endpoint | null => {
  const host = values[service];
  const encryption = values[`${service}-encryption`];
  if (host === undefined) {
    if (encryption !== undefined)
      refuse({
        code: 'wrong-value',
        option: `--${service}-encryption`,
        expected: `--${service} HOST[:PORT]`,
      });
    return null;
  }
  if (encryption !== undefined) oneOf(`--${service}-encryption`, encryption, ['tls', 'starttls', 'none']);
  const parsed = parseEndpoint(service, { host, port: null, encryption }, { allowedPorts: null });
  if (parsed.ok) return parsed.value;
  const { host: wrongHost, port, encryption: wrongEncryption } = parsed.errors;
  return field(`--${service}`, `${service}Host`, wrongHost ?? port ?? wrongEncryption);
};

const usernameOf = (option: string, typed: string | undefined, address: string): string => {
  const parsed = parseUsername(typed, address);
  return parsed.ok ? parsed.value : field(option, 'username', parsed.error);
};

const addressOf = (typed: string | undefined): string => {
  const parsed = parseAddress(typed);
  return parsed.ok ? parsed.value : field(null, 'address', parsed.error);
};

const accountOf = (typed: string | undefined, values: OptionValues): Account => {
  const address = addressOf(typed);
  const username = usernameOf('--username', values.username, address);
  const smtpUsername = usernameOf('--smtp-username', values['smtp-username'], username);
  return {
    address,
    imap: endpointOf('imap', values),
    smtp: endpointOf('smtp', values),
    username,
    smtpLogin: smtpUsername === username ? 'same' : 'different',
    untrustedCertificateExpected: values['expect-untrusted-certificate'] ?? false,
    personalInbox: null,
  };
};

const timeoutOf = (typed: string | undefined): number | null => {
  if (typed === undefined) return null;
  const seconds = Number(typed);
  // Longer ones are taken and end with the hard limit of every check.
  if (!(seconds > 0 && seconds <= 3_600))
    refuse({ code: 'wrong-value', option: '--timeout', expected: '1 … 30' });
  return seconds * 1_000;
};

const checked = <T>(option: string, value: T, expected: string, test: (value: T) => unknown): T => {
  try {
    test(value);
    return value;
  } catch {
    return refuse({ code: 'wrong-value', option, expected });
  }
};

const nameServersOf = (typed: string | undefined): string[] => {
  if (typed === undefined) return [];
  if (isNameServer(typed)) return [typed];
  return refuse({ code: 'wrong-value', option: '--dns', expected: '192.0.2.53:53' });
};

const surroundingsOf = (values: OptionValues): Omit<DiscoverCommand, 'type' | 'address'> => {
  const { dns, ca = null, 'allow-network': networks = [] } = values;
  return {
    nameServers: nameServersOf(dns),
    caFile: ca,
    allowNetworks: networks.map((cidr) => checked('--allow-network', cidr, '10.0.0.0/8', parseNetwork)),
    json: values.json ?? false,
  };
};

const onlyOptions = (values: OptionValues, known: readonly string[]): void => {
  const strange = Object.keys(values).find((name) => ![...known, 'json', 'locale', 'help'].includes(name));
  if (strange !== undefined) refuse({ code: 'unknown-option', option: `--${strange}` });
};

const noMore = (extra: string | undefined): void => {
  if (extra !== undefined) refuse({ code: 'unexpected-argument', argument: extra });
};

const discoverCommand = ([address, extra]: readonly string[], values: OptionValues): DiscoverCommand => {
  noMore(extra);
  onlyOptions(values, ['dns', 'ca', 'allow-network']);
  return { type: 'discover', address: addressOf(address), ...surroundingsOf(values) };
};

const doctorCommand = ([extra]: readonly string[], values: OptionValues): DoctorCommand => {
  noMore(extra);
  onlyOptions(values, [blocksOption]);
  return { type: 'doctor', blocks: values[blocksOption] ?? false, json: values.json ?? false };
};

const policyOf = (typed: string): Policy =>
  policyNamed(typed) ?? refuse({ code: 'wrong-value', option: '--policy', expected: policyIds.join(' | ') });

const checkCommand = ([address, extra]: readonly string[], values: OptionValues): CheckCommand => {
  noMore(extra);
  const { 'password-stdin': passwordStdin = false, 'send-test-mail': sendTestMail = false } = values;
  if (sendTestMail && !passwordStdin) refuse({ code: 'test-mail-without-login' });
  return {
    type: 'check',
    account: accountOf(address, values),
    usernameTyped: values.username !== undefined || values['smtp-username'] !== undefined,
    policy: policyOf(values.policy ?? defaultPolicy),
    timeoutMs: timeoutOf(values.timeout),
    ...surroundingsOf(values),
    passwordStdin,
    sendTestMail,
  };
};

/**
 * The chosen language must be known even where the rest of the line cannot be read. A value of its own argument never
 * begins with a dash, so that `--locale` in front of `--` is always the option.
 */
const localeIn = (args: readonly string[]): Locale | null => {
  const end = args.indexOf('--');
  const before = end < 0 ? args : args.slice(0, end);
  const chosen = before.flatMap((arg, index) => {
    if (arg.startsWith('--locale=')) return [arg.slice('--locale='.length)];
    return arg === '--locale' ? [before[index + 1]] : [];
  });
  const value = chosen.at(-1);
  return locales.find((one) => one === value) ?? null;
};

const toCommand = (args: readonly string[]): Command => {
  try {
    const operator = readOperatorCommand(args, options);
    if (operator && 'help' in operator) return { type: 'help' };
    if (operator) return 'command' in operator ? operator.command : { type: 'usage', ...operator };
    const { values, positionals } = read(args);
    const [name, ...rest] = positionals;
    if (values.locale !== undefined) oneOf('--locale', values.locale, locales);
    if (values.version) return { type: 'version' };
    if (values.help || name === 'help' || name === undefined) return { type: 'help' };
    if (name === 'discover') return discoverCommand(rest, values);
    if (name === 'doctor') return doctorCommand(rest, values);
    return name === 'check' ? checkCommand(rest, values) : refuse({ code: 'unknown-command', command: name });
  } catch (error) {
    return { type: 'usage', problem: problemOf(error) };
  }
};

/** Reads the command line. Never throws for what a person may type. */
export const parseCommand = (args: readonly string[]): { command: Command; locale: Locale | null } => ({
  command: toCommand(args),
  locale: localeIn(args),
});
