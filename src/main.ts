import { startApp } from './app.ts';
import { ConfigError, readConfig } from './config.ts';

/** Faults of the installation are told in one line; anything else is ours and keeps its trace. */
const explain = (error: unknown): string => {
  if (error instanceof ConfigError) return error.message;
  return error instanceof Error && 'code' in error
    ? error.message
    : String(error instanceof Error ? error.stack : error);
};

try {
  const app = await startApp(readConfig());
  process.stdout.write(`connect-email: ${app.serves} on ${app.url}\n`);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void app.stop().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
} catch (error) {
  process.stderr.write(`connect-email cannot start: ${explain(error)}\n`);
  process.exitCode = 1;
}
