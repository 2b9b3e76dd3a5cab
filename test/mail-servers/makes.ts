/** Mail servers of every make behind one shape. */
import type { Service } from '../../src/diagnosis/account/endpoint.ts';
import type { Certificate } from './certificates.ts';
import { startCourier } from './courier.ts';
import { startCyrus } from './cyrus.ts';
import { startDovecot } from './dovecot.ts';
import { startExim } from './exim.ts';
import { startOpenSmtpd } from './opensmtpd.ts';
import { startPostfix } from './postfix.ts';
import type { Scope } from './scope.ts';

export const makes = {
  dovecot: 'imap',
  courier: 'imap',
  cyrus: 'imap',
  postfix: 'smtp',
  exim: 'smtp',
  opensmtpd: 'smtp',
} as const satisfies Record<string, Service>;
export type Make = keyof typeof makes;

export type Ports = { host: string; tls: number; starttls: number };

/** Clients of loopback come from 127.0.0.1, so that none of these takes us for itself. Postfix binds to no address but that. */
const address = '127.0.0.2';

/** Further options are those of the make's own starter. */
type Options<M extends Make> = {
  dovecot: Parameters<typeof startDovecot>[0];
  courier: Parameters<typeof startCourier>[0];
  cyrus: Parameters<typeof startCyrus>[0];
  postfix: Parameters<typeof startPostfix>[0];
  exim: Parameters<typeof startExim>[0];
  opensmtpd: Parameters<typeof startOpenSmtpd>[0];
}[M];
type More<M extends Make> = Omit<Options<M>, 'certificate'> & { certificate: Certificate };

const imap = ({
  host,
  imapsPort,
  imapPort,
}: {
  host: string;
  imapsPort: number;
  imapPort: number;
}): Ports => ({
  host,
  tls: imapsPort,
  starttls: imapPort,
});
const smtp = ({
  host,
  smtpsPort,
  smtpPort,
}: {
  host: string;
  smtpsPort: number;
  smtpPort: number;
}): Ports => ({
  host,
  tls: smtpsPort,
  starttls: smtpPort,
});

const starters: { [M in Make]: (servers: Scope, options: More<M>) => Promise<Ports> } = {
  dovecot: async (servers, options) => imap(await servers.start(startDovecot({ address, ...options }))),
  courier: async (servers, options) => imap(await servers.start(startCourier({ address, ...options }))),
  cyrus: async (servers, options) => imap(await servers.start(startCyrus({ address, ...options }))),
  postfix: async (servers, options) => smtp(await servers.start(startPostfix(options))),
  exim: async (servers, options) => smtp(await servers.start(startExim({ address, ...options }))),
  opensmtpd: async (servers, options) => smtp(await servers.start(startOpenSmtpd({ address, ...options }))),
};

export const startMake = <M extends Make>(make: M, servers: Scope, options: More<M>): Promise<Ports> =>
  starters[make](servers, options);
