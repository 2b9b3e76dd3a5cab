import { UnreadableAuthorities } from '../check.ts';
import { readTerminal } from '../config/terminal.ts';
import { cleanLine } from '../lib/clean.ts';
import { translator } from '../wording/catalogue/catalogue.ts';
import { parseCommand } from './arguments.ts';
import { check } from './check.ts';
import type { CheckCommand, UsageProblem } from './command.ts';
import { watchOutput } from './output.ts';

const environment = readTerminal();
const { command, locale: chosen } = parseCommand(process.argv.slice(2));
const locale = chosen ?? environment.locale;
const t = translator(locale);

// What only some commands need is loaded by them: the start of the process is most of the time that a check takes.
const usageInWords = async (problem: UsageProblem): Promise<string> => {
  if (problem.code !== 'field') return t(`terminal:usage.${problem.code}`, problem);
  const { errorsInWords } = await import('../wording/forms/forms.ts');
  const [sentence = ''] = Object.values(errorsInWords(problem.errors, locale));
  return problem.option === null
    ? sentence
    : t('terminal:usage.field', { option: problem.option, problem: sentence });
};

/** In characters: a sentence of ours with what was typed in it. */
const longestComplaint = 1_000;

const complain = (line: string, status: number): number => {
  process.stderr.write(`${cleanLine(line, longestComplaint)}\n`);
  return status;
};

/** As a shell names what SIGINT has ended: 128 and the signal's number. */
const interrupted = 130;

/** On standard error, so that what is piped onwards stays clean. */
const promptFor =
  ({ account }: CheckCommand) =>
  (when: 'before' | 'after'): void => {
    const { username } = account;
    const question = t('terminal:password-prompt', { username: cleanLine(username, longestComplaint) });
    process.stderr.write(when === 'before' ? `${question} ` : '\n');
  };

const run = async (): Promise<number> => {
  switch (command.type) {
    case 'help':
      process.stdout.write(`${t('terminal:help', environment.calledAs)}\n`);
      return 0;
    case 'version':
      process.stdout.write(`${await (await import('../version.ts')).readVersion()}\n`);
      return 0;
    case 'usage':
      return complain(await usageInWords(command.problem), 2);
    case 'check':
    case 'discover':
      try {
        const terminal = { ...environment, locale, output: process.stdout };
        if (command.type === 'discover')
          return await (await import('./discover.ts')).discover(command, terminal);
        const rehearsal = command.sendTestMail ? (await import('./rehearsal.ts')).consented(locale) : null;
        if (typeof rehearsal === 'string') return complain(rehearsal, 2);
        const entered = command.passwordStdin
          ? await (await import('./password.ts')).readPassword(process.stdin, promptFor(command))
          : null;
        if (entered?.ok === false)
          return entered.problem === 'interrupted'
            ? interrupted
            : complain(t(`terminal:usage.${entered.problem}`), 2);
        const secret = entered?.secret ?? null;
        const { status, remark } = await check(command, { ...terminal, secret, rehearsal });
        return remark === null ? status : complain(remark, interrupted);
      } catch (error) {
        if (error instanceof UnreadableAuthorities)
          return complain(t('terminal:usage.ca-unreadable', { file: command.caFile }), 2);
        return complain(
          t('terminal:failed', { name: error instanceof Error ? error.name : typeof error }),
          3,
        );
      }
    case 'doctor':
      try {
        // Loaded on demand: it knows the whole bot, and takes longer to load than a check takes.
        const { doctor } = await import('./doctor.ts');
        return await doctor(command, { ...environment, locale, output: process.stdout });
      } catch (error) {
        const name = error instanceof Error ? error.name : typeof error;
        return complain(t('doctor:failed', { name }), 1);
      }
    case 'cases':
    case 'jobs':
    case 'audit':
    case 'stats':
    case 'forget':
    case 'backup':
    case 'restore': {
      const { operator } = await import('./operator/index.ts');
      return await operator(command, { ...environment, locale, output: process.stdout });
    }
    default:
      return command satisfies never;
  }
};

const lost = watchOutput(process.stdout);
const status = await run();
const code = await lost();
// A lost result is for the caller to mend, as is a file that cannot be read; 0, 1 and 3 would be a result.
// Probes that lost a race may still be waiting; nobody waits for them.
process.exit(code === null ? status : complain(t('terminal:not-written', { code }), 2));
