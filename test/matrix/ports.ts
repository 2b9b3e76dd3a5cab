/** Ports behind which something else sits than the mail server that was expected. */
import type { Service } from '../../src/diagnosis/account/endpoint.ts';
import {
  closedPort,
  startClosesAtOnce,
  startDrips,
  startEndless,
  startHttp,
  startResetsAtOnce,
  startSays,
  startScripted,
  startSilent,
} from '../mail-servers/index.ts';
import type { Fault, World } from './faults.ts';
import type { Typed } from './look.ts';

const both = ['imap', 'smtp'] as const;
type Reads = readonly string[] | ((service: Service) => readonly string[]);
type Raw = readonly [
  given: string,
  encryption: Typed['encryption'],
  start: (world: World, service: Service) => Promise<{ port: number }>,
  finds: Reads,
];
const own = { imap: '* OK ready\r\n', smtp: '220 mail.example.test ESMTP\r\n' } as const;
const busy = {
  imap: '* BYE [UNAVAILABLE] Too many connections\r\n',
  smtp: '421 4.7.0 Too many connections\r\n',
};
const away = { imap: '* BYE Access denied\r\n', smtp: '554 5.7.1 Access denied\r\n' };
const sentAway = (sign: string) => [`ip-allowlist ${sign}`, 'imap-smtp-supported refused-from-here'];
const port = (reason: string) => (service: Service) => [`${service}-port-open ${reason}`];
const protocol = (name: string) => [`imap-smtp-supported ${name}`];
const says =
  (bytes: string | Uint8Array) =>
  ({ servers }: World) =>
    servers.start(startSays(bytes, { thenClose: true }));
const saysOwn =
  (words: Record<Service, string>) =>
  ({ servers }: World, service: Service) =>
    servers.start(startSays(words[service]));
const greetsThen =
  (say: Record<Service, string>) =>
  ({ servers }: World, service: Service) =>
    servers.start(startScripted({ greeting: own[service], otherwise: { say: say[service], next: 'close' } }));
const garbage = Buffer.from(Array.from({ length: 400 }, (_, index) => (index * 7_919) & 255));

const raws: readonly Raw[] = (['tls', 'starttls', 'auto'] as const).flatMap((encryption): Raw[] => [
  ['that is closed', encryption, () => closedPort(), port('refused')],
  [
    'that resets at once',
    encryption,
    ({ servers }) => servers.start(startResetsAtOnce()),
    sentAway('dropped'),
  ],
  [
    'that closes at once',
    encryption,
    ({ servers }) => servers.start(startClosesAtOnce()),
    sentAway('dropped'),
  ],
  ['that is full', encryption, saysOwn(busy), port('too-many-connections')],
  ['that sends us away', encryption, saysOwn(away), sentAway('refused-by-banner')],
  [
    'of a web server',
    encryption,
    ({ servers }) => servers.start(startHttp()),
    protocol('wrong-protocol-http'),
  ],
  ['of POP3', encryption, says('+OK POP3 ready\r\n'), protocol('wrong-protocol-pop3')],
  ['of a POP3 server that refuses', encryption, says('-ERR go away\r\n'), protocol('wrong-protocol-pop3')],
  ['of SSH', encryption, says('SSH-2.0-OpenSSH_9.2\r\n'), protocol('wrong-protocol-other')],
  ['of FTP', encryption, says('220 ProFTPD Server (FTP)\r\n'), protocol('wrong-protocol-other')],
  ['of garbage', encryption, says(garbage), protocol('wrong-protocol-other')],
  ['of silence', encryption, ({ servers }) => servers.start(startSilent()), protocol('no-greeting')],
  [
    'of the other service',
    encryption,
    saysOwn({ imap: own.smtp, smtp: own.imap }),
    (service) => protocol(`wrong-protocol-${service === 'imap' ? 'smtp' : 'imap'}`),
  ],
]);
const plainRaws: readonly Raw[] = [
  [
    'that greets without end',
    'starttls',
    ({ servers }, service) =>
      servers.start(startEndless(service === 'imap' ? '* OK more\r\n' : '220-more\r\n')),
    protocol('hostile-answer'),
  ],
  [
    'of one endless line',
    'starttls',
    ({ servers }) => servers.start(startEndless('x')),
    protocol('hostile-answer'),
  ],
  [
    'that dribbles',
    'starttls',
    ({ servers }, service) => servers.start(startDrips(own[service], 1_000)),
    protocol('no-greeting'),
  ],
  ['that greets and falls silent', 'starttls', saysOwn(own), protocol('no-answer')],
  [
    'that greets and is then full',
    'starttls',
    greetsThen({ ...busy, imap: '* BYE Too many connections\r\n' }),
    port('too-many-connections'),
  ],
  ['that greets and then sends us away', 'starttls', greetsThen(away), sentAway('refused-by-banner')],
  [
    'that greets and knows no question',
    'starttls',
    greetsThen({ imap: '{tag} BAD Unknown command\r\n', smtp: '502 5.5.1 Unknown command\r\n' }),
    (service) => (service === 'imap' ? protocol('no-answer') : ['smtp-tls starttls-not-offered']),
  ],
  [
    'that needs no login',
    'starttls',
    saysOwn({ imap: '* PREAUTH welcome\r\n', smtp: away.smtp }),
    (service) => (service === 'imap' ? ['imap-encryption preauth'] : sentAway('refused-by-banner')),
  ],
];
const silent = /silence|dribbles/u;
export const portFaults: readonly Fault[] = [...raws, ...plainRaws].flatMap(
  ([given, encryption, start, finds]) =>
    both.map((service) => ({
      given: `a port ${given}, ${encryption}`,
      service,
      finds: typeof finds === 'function' ? finds(service) : finds,
      server: async (world: World) => ({
        host: '127.0.0.1',
        port: (await start(world, service)).port,
        encryption,
      }),
      // What never ends is cut off early; the others must be settled by themselves.
      ...(silent.test(given) ? { timeoutMs: 4_000 } : {}),
    })),
);
