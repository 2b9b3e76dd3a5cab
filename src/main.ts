import { parseArgs } from 'node:util';
import { startApp } from './app.ts';
import { readDemoConfig } from './config/demo.ts';
import { faultLine, stopsTheStart } from './config/env/fault.ts';
import { adoptEnvironment } from './config/env/file.ts';
import { ConfigError, readConfig, rehearsalSettingNames, settingNames } from './config/index.ts';
import { readTerminal } from './config/terminal.ts';
import type { openSampleCompany } from './demo/index.ts';
import { startLine } from './telemetry/log.ts';
import { translator } from './wording/catalogue/catalogue.ts';

/** Faults of the installation are told in one line; anything else is ours and keeps its trace. */
const explain = (error: unknown): string => {
  if (error instanceof ConfigError) return error.message;
  return error instanceof Error && 'code' in error
    ? error.message
    : String(error instanceof Error ? error.stack : error);
};

/** What the terminal reads as well is refused with the same status by both. */
const isWrongUsage = (error: unknown): boolean =>
  error instanceof ConfigError && rehearsalSettingNames.some((name) => error.message.startsWith(`${name}:`));

/** Whoever ends us waits ten seconds and then kills; a store that says nothing must not use them up. Milliseconds. */
const longestStopMs = 9000;

type Company = Awaited<ReturnType<typeof openSampleCompany>>;

/** What a newcomer needs to know next. Where no person reads along, the lines are for machines. */
const nextSteps = (company: Company | null): string => {
  const { locale, calledAs } = readTerminal();
  const t = translator(locale);
  return company
    ? t('terminal:demo', { ...company.addresses, password: company.password })
    : t('terminal:demo-hint', { demo: calledAs.demo });
};

try {
  const { values } = parseArgs({ options: { demo: { type: 'boolean' } } });
  const faults = await adoptEnvironment(settingNames);
  const [fault] = faults.filter(stopsTheStart);
  if (fault) throw new ConfigError(faultLine(fault));
  for (const note of faults) process.stderr.write(`connect-email: ${faultLine(note)}\n`);
  const company = values.demo ? await (await import('./demo/index.ts')).openSampleCompany() : null;
  const app = await startApp(company ? readDemoConfig(company.settings) : readConfig()).catch(
    async (error: unknown) => {
      await company?.close();
      throw error;
    },
  );
  const { about, shows, url } = app;
  const line = startLine({ ...about, url }, `connect-email: ${shows} on ${url}`, process.stdout.isTTY);
  process.stdout.write(`${line}\n`);
  if (about.mode === 'preview' && (company || process.stdout.isTTY))
    process.stderr.write(`${nextSteps(company)}\n`);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), longestStopMs).unref();
    const stopped = app.stop().finally(company?.close);
    stopped.then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
} catch (error) {
  process.stderr.write(`connect-email cannot start: ${explain(error)}\n`);
  // Whatever an unfinished start has left open must not keep the process.
  process.exit(isWrongUsage(error) ? 2 : 1);
}
