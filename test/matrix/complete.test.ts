/** Every reason there is has a server that gives it: in the matrix, or in the file that is named here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { rulings } from '../../src/diagnosis/policy.ts';
import { everyFault } from './every-fault.ts';

/** What shows with a login only, without a server, or by who hosts the mailbox. */
const elsewhere: Readonly<Record<string, string>> = {
  'same-credentials': 'journeys/login-replies.test.ts journeys/login.test.ts',
  'imap-enabled-account': 'journeys/login-replies.test.ts',
  'listed-but-refused': 'journeys/login-mechanisms.test.ts',
  'tls-ends-in-front': 'journeys/login-mechanisms.test.ts',
  'inbox-readable': 'journeys/mailbox.test.ts',
  'app-password': 'journeys/login-replies.test.ts journeys/discovery-terminal.test.ts',
  'login-accepted': 'journeys/login-replies.test.ts journeys/login-servers.test.ts',
  'concurrent-connections': 'journeys/login-replies.test.ts',
  'sent-folder': 'journeys/login-servers.test.ts journeys/mailbox.test.ts journeys/rehearsal.test.ts',
  'smtp-send-as': 'journeys/login-servers.test.ts journeys/sending.test.ts journeys/rehearsal.test.ts',
  'test-mail-arrives': 'journeys/rehearsal.test.ts',
  'native-connection-first': 'journeys/discovery-terminal.test.ts',
  'personal-inbox': 'diagnosis/provider-rules.test.ts',
  'tls13-only': 'matrix/faults.ts probe/one-cause.test.ts',
  'pop3-not-enough': 'journeys/terminal.test.ts',
  'private-answer-here': 'journeys/terminal.test.ts',
  'no-server-known': 'journeys/discovery-terminal.test.ts',
};
/** Not driven by a server: no test may change the routes of the machine that it runs on. */
const notDriven = ['unreachable'];
/** Said of every account that shows nothing else. */
const always = ['no-sign'];
/** One service's own. */
const oneOnly = {
  imap: [
    'auth-mechanism login-disabled',
    'cert-strength weak-key-exchange',
    'courier-imap courier',
    'imap-smtp-supported wrong-protocol-smtp',
  ],
  smtp: [
    'auth-mechanism no-auth',
    'imap-smtp-supported wrong-protocol-imap',
    'imap-smtp-supported our-name-refused',
  ],
};

const found = new Set(everyFault.flatMap(({ service, finds }) => finds.map((one) => `${service}: ${one}`)));
const servicesOf = (requirement: string, reason: string): readonly ('imap' | 'smtp')[] => {
  const both = ['imap', 'smtp'] as const;
  const only = both.filter(
    (service) =>
      oneOnly[service].includes(`${requirement} ${reason}`) ||
      (requirement !== 'imap-smtp-supported' && requirement.startsWith(service)),
  );
  return only.length > 0 ? only : both;
};
const textOf = (files: string): string =>
  files
    .split(' ')
    .map((file) => readFileSync(join(import.meta.dirname, '..', file), 'utf8'))
    .join('\n');

const all = Object.entries(rulings).flatMap(([requirement, reasons]) =>
  Object.keys(reasons)
    .filter((reason) => ![...notDriven, ...always].includes(reason))
    .map((reason) => ({ requirement, reason })),
);

it.each(all)('$requirement: $reason', ({ requirement, reason }) => {
  const files = elsewhere[requirement] ?? elsewhere[reason];
  if (files) expect(textOf(files)).toContain(reason);
  else
    for (const service of servicesOf(requirement, reason))
      expect(found).toContain(`${service}: ${requirement} ${reason}`);
});
