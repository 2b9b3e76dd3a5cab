/** One certificate signed by another, with dates and extensions of one's choice. */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './processes.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const VALID_FROM_DAYS = -30;
export const VALID_UNTIL_DAYS = 365;

export type Signer = { readonly certFile: string; readonly keyFile: string };

export type Request = {
  name: string;
  commonName: string;
  keyFile: string;
  /** Absent: signed with its own key. */
  signer?: Signer;
  extensions: readonly string[];
  fromDays?: number;
  untilDays?: number;
  digest?: 'sha256' | 'sha1';
};

/** `openssl ca` is the one command of OpenSSL 3.0 that sets any start and end date. */
export async function signWithOpenssl(dir: string, request: Request): Promise<string> {
  const file = (ending: string) => join(dir, `${request.name.replaceAll(' ', '-')}.${ending}`);
  await writeFile(file('cnf'), signingConfig(file, request.extensions));
  await writeFile(file('db'), '');
  await writeFile(file('serial'), `0${randomBytes(15).toString('hex').slice(1)}\n`);
  const config = ['-config', file('cnf')];
  const subject = ['-subj', `/O=Tests/CN=${request.commonName}`];
  await run('openssl', ['req', '-new', ...config, ...subject, '-key', request.keyFile, '-out', file('csr')]);
  const signer = request.signer;
  await run('openssl', [
    ...['ca', '-batch', ...config, '-notext', '-md', request.digest ?? 'sha256'],
    ...['-in', file('csr'), '-out', file('pem'), '-outdir', dir],
    ...['-startdate', utcDate(request.fromDays ?? VALID_FROM_DAYS)],
    ...['-enddate', utcDate(request.untilDays ?? VALID_UNTIL_DAYS)],
    ...(signer === undefined
      ? ['-selfsign', '-keyfile', request.keyFile]
      : ['-cert', signer.certFile, '-keyfile', signer.keyFile]),
  ]);
  return file('pem');
}

function signingConfig(file: (ending: string) => string, extensions: readonly string[]): string {
  return `[ca]
default_ca = issuer
[issuer]
database = ${file('db')}
serial = ${file('serial')}
unique_subject = no
policy = anything
x509_extensions = extensions
[anything]
organizationName = supplied
commonName = supplied
[req]
distinguished_name = empty
[empty]
[extensions]
${extensions.join('\n')}
`;
}

/** The date that many days from now as YYYYMMDDHHMMSSZ. */
function utcDate(days: number): string {
  return `${new Date(Date.now() + days * DAY_MS).toISOString().replace(/\D/g, '').slice(0, 14)}Z`;
}
