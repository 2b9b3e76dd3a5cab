import type { Account, AccountError, AccountErrors, AccountField, AccountValues, Parsed } from './account.ts';
import {
  type Encryption,
  type Endpoint,
  encryptionOfPort,
  encryptions,
  type Service,
  usualPort,
} from './endpoint.ts';
import { asciiName, type ParsedHost, parseHost } from './host.ts';

/** Inclusive. */
export type PortRange = { from: number; to: number };
/** `allowedPorts: null`: any port may be tested. */
export type ParseRules = { allowedPorts: readonly PortRange[] | null };

type Attempt<T> = { ok: true; value: T } | { ok: false; error: AccountError };
const good = <T>(value: T): Attempt<T> => ({ ok: true, value });
const bad = (
  code: AccountError['code'],
  params?: AccountError['params'],
): { ok: false; error: AccountError } => ({
  ok: false,
  error: params ? { code, params } : { code },
});

/** RFC 5321 §4.5.3.1: 64 octets before the @, and 254 in all (RFC 3696, erratum 1690). */
const longestLocalPart = 64;
const longestAddress = 254;
const longestUsername = 320;

/** Characters of a dot-atom (RFC 5322 §3.2.3); quoted local parts are not accepted by HubSpot's form either. */
const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/u;

/** Between a full-width sign and the ASCII sign that it stands for. */
const fullWidthOffset = 0xfe_e0;

/**
 * What comes along when an address is pasted and belongs to no mailbox: marks that nobody sees (joiners stay between
 * letters, where some scripts need them: RFC 5892 A.1), full-width signs of the host part, the other full stops of UTS #46 §4, and the
 * full stop that ends the sentence or the name. Everything else is to hold the same address that is shown.
 */
const withoutPastedMarks = (typed: string): string =>
  typed
    .replaceAll(/[\u{3002}\u{FF0E}\u{FF61}]/gu, '.')
    .replaceAll('\u{FF20}', '@')
    .replaceAll(/(?<=@[^@]*)[\u{FF01}-\u{FF5E}]/gu, (sign) =>
      String.fromCharCode(sign.charCodeAt(0) - fullWidthOffset),
    )
    .replaceAll(/(?<!\p{L}\p{M}*)[\u{200C}\u{200D}]|[\u{200C}\u{200D}](?!\p{L})/gu, '')
    .replaceAll(/(?![\u{200C}\u{200D}])\p{Cf}/gu, '')
    .trim()
    .replace(/^mailto:/iu, '')
    .replace(/(?<=@.*[^.])\.$/u, '');

export const parseAddress = (typed: string | null | undefined): Attempt<string> => {
  const text = withoutPastedMarks(typed ?? '');
  if (text === '') return bad('address-missing');
  const at = text.lastIndexOf('@');
  if (at < 0) return bad('address-no-at');
  const local = text.slice(0, at);
  const domain = text.slice(at + 1);
  if (domain === '') return bad('address-no-domain');
  if (/[^\p{ASCII}]/u.test(local)) return bad('address-local-part-not-ascii');
  if (local.length > longestLocalPart || text.length > longestAddress)
    return bad('address-too-long', { max: longestAddress });
  return localPart.test(local) && asciiName(domain) !== null ? good(text) : bad('address-invalid');
};

const parsePort = (typed: string | null, rules: ParseRules): Attempt<number | null> => {
  const text = (typed ?? '').trim();
  if (text === '') return good(null);
  if (!/^[+-]?\d+$/u.test(text)) return bad('port-not-a-number');
  const port = Number(text);
  if (port < 1 || port > 65_535) return bad('port-out-of-range');
  const allowed = rules.allowedPorts?.some(({ from, to }) => port >= from && port <= to) ?? true;
  return allowed ? good(port) : bad('port-not-tested-here', { port });
};

const isEncryption = (value: string): value is Encryption => encryptions.some((known) => known === value);

export type TypedEndpoint = {
  host: string | null | undefined;
  port: string | null | undefined;
  encryption: string | null | undefined;
};
export type EndpointErrors = { host?: AccountError; port?: AccountError; encryption?: AccountError };

type ReadEndpoint = { ok: true; value: Endpoint } | { ok: false; errors: EndpointErrors };

const completed = (
  service: Service,
  { host, ...typed }: Omit<TypedEndpoint, 'host'> & { host: ParsedHost },
  rules: ParseRules,
): ReadEndpoint => {
  const errors: EndpointErrors = {};
  if (!host.ok) errors.host = host.error;
  const portBehindHost = host.ok ? parsePort(host.value.port, rules) : good(null);
  if (!portBehindHost.ok) errors.host = portBehindHost.error;
  const portTyped = parsePort(typed.port ?? null, rules);
  if (!portTyped.ok) errors.port = portTyped.error;
  const chosen = (typed.encryption ?? '').trim();
  if (chosen !== '' && !isEncryption(chosen)) errors.encryption = { code: 'choice-missing' };
  if (portBehindHost.ok && portTyped.ok && portBehindHost.value !== null && portTyped.value !== null) {
    if (portBehindHost.value !== portTyped.value)
      errors.host = { code: 'port-twice', params: { one: portBehindHost.value, other: portTyped.value } };
  }
  if (!host.ok || !portBehindHost.ok || !portTyped.ok || Object.keys(errors).length > 0)
    return { ok: false, errors };
  const port = portTyped.value ?? portBehindHost.value;
  const encryption = isEncryption(chosen) ? chosen : port === null ? 'tls' : encryptionOfPort(port);
  const { host: shown, asciiHost } = host.value;
  return {
    ok: true,
    value: {
      service,
      host: shown,
      asciiHost,
      port: port ?? usualPort(service, encryption === 'auto' ? 'tls' : encryption),
      encryption,
    },
  };
};

/** One service's three values. A port without encryption, and encryption without a port, are completed by CONTRACT's rules. */
export const parseEndpoint = (service: Service, typed: TypedEndpoint, rules: ParseRules): ReadEndpoint =>
  completed(service, { ...typed, host: parseHost(typed.host) }, rules);

/** A user name as typed; empty means the address. */
export const parseUsername = (typed: string | null | undefined, address: string): Attempt<string> => {
  const text = (typed ?? '').trim();
  if (text.length > longestUsername) return bad('username-too-long', { max: longestUsername });
  // What cannot be seen (control, direction, line separators) would make the name shown another than the name used.
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)
    ? bad('username-invalid')
    : good(text === '' ? address : text);
};

const yesNo = (value: string | null | undefined): boolean | null =>
  value === 'yes' ? true : value === 'no' ? false : null;

export const parseAddressForm = (
  values: AccountValues,
): Parsed<{ address: string; personalInbox: boolean | null }> => {
  const address = parseAddress(values.address);
  if (!address.ok) return { ok: false, errors: { address: address.error } };
  return { ok: true, value: { address: address.value, personalInbox: yesNo(values.personalInbox) } };
};

/** The fields of each service. */
export const endpointFields = {
  imap: { host: 'imapHost', port: 'imapPort', encryption: 'imapEncryption' },
  smtp: { host: 'smtpHost', port: 'smtpPort', encryption: 'smtpEncryption' },
} as const satisfies Record<Service, Record<keyof TypedEndpoint, AccountField>>;

export type ServersRules = ParseRules & {
  /** Whose port field nobody has touched: there a port that was typed behind the host counts. None unless said. */
  untouchedPorts?: readonly Service[];
};

const fromForm = (service: Service, values: AccountValues, rules: ServersRules) => {
  const names = endpointFields[service];
  const host = parseHost(values[names.host]);
  const isPortBehindHost = host.ok && host.value.port !== null;
  const isPortLeft = isPortBehindHost && (rules.untouchedPorts?.includes(service) ?? false);
  const port = isPortLeft ? null : values[names.port];
  const parsed = completed(service, { host, port, encryption: values[names.encryption] }, rules);
  const errors: AccountErrors = {};
  if (!parsed.ok) {
    if (parsed.errors.host) errors[names.host] = parsed.errors.host;
    if (parsed.errors.port) errors[names.port] = parsed.errors.port;
    if (parsed.errors.encryption) errors[names.encryption] = parsed.errors.encryption;
  }
  return { endpoint: parsed.ok ? parsed.value : null, errors, portTyped: isPortBehindHost };
};

/** `portTyped`: whether a port stood behind the host, where people paste it. */
export type ParsedServers = { account: Account; portTyped: Readonly<Record<Service, boolean>> };

/** The address comes from the form before and may be part of `values`; every wrong field gets its own error. */
export const parseServersForm = (values: AccountValues, rules: ServersRules): Parsed<ParsedServers> => {
  const address = parseAddress(values.address);
  const imap = fromForm('imap', values, rules);
  const smtp = fromForm('smtp', values, rules);
  const errors: AccountErrors = { ...imap.errors, ...smtp.errors };
  if (!address.ok) errors.address = address.error;
  const username = parseUsername(values.username, address.ok ? address.value : '');
  if (!username.ok) errors.username = username.error;
  if (!address.ok || !username.ok || Object.keys(errors).length > 0) return { ok: false, errors };
  const account: Account = {
    address: address.value,
    imap: imap.endpoint,
    smtp: smtp.endpoint,
    username: username.value,
    smtpLogin: values.smtpLogin === 'different' ? 'different' : 'same',
    untrustedCertificateExpected: values.untrustedCertificate === 'yes',
    personalInbox: yesNo(values.personalInbox),
  };
  return { ok: true, value: { account, portTyped: { imap: imap.portTyped, smtp: smtp.portTyped } } };
};
