/** Somebody sets the clock of the machine while a rep waits. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { scope, startSays } from '../mail-servers/index.ts';
import { askForCheck, openStage } from './slack-stage.ts';

const host = '127.0.0.1';
const servers = scope();
afterEach(async () => {
  vi.restoreAllMocks();
  await servers.stop();
});

describe('given servers that take some seconds to greet, and a checklist that is being shown', () => {
  test.each([
    ['back', -60 * 60_000],
    ['on', 60 * 60_000],
  ])('when the clock is set %s by an hour, then the report comes as if nothing had been', async (_, step) => {
    const greets = (afterMs: number) => servers.start(startSays('+OK POP3 ready\r\n', { afterMs }));
    const [slow, slower] = await Promise.all([greets(4_000), greets(8_000)]);
    const real = Date.now.bind(Date);
    let offset = 0;
    vi.spyOn(Date, 'now').mockImplementation(() => real() + offset);
    const stage = await openStage();
    try {
      const started = performance.now();
      await askForCheck(stage, {
        imapHost: host,
        imapPort: String(slow.port),
        smtpHost: host,
        smtpPort: String(slower.port),
        imapEncryption: 'starttls',
        smtpEncryption: 'starttls',
        username: 'rep@example.test',
        smtpLogin: 'same',
        untrustedCertificate: 'no',
      });
      // Right after a change of the checklist, when the next one has to wait for its turn.
      await vi.waitUntil(() => stage.world.door.calls.some(({ method }) => method === 'chat.update'), {
        timeout: 10_000,
      });
      offset = step;
      await stage.repSees('So lässt sich das Konto nicht verbinden');
      expect(performance.now() - started).toBeLessThan(20_000);
    } finally {
      await stage.close();
    }
  });
});
