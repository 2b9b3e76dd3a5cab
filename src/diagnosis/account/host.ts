import type { AccountError } from './account.ts';

/** A host as typed and as it is used on the wire; `port` if it was typed behind it. */
export type TypedHost = { host: string; asciiHost: string; port: string | null };

export type ParsedHost = { ok: true; value: TypedHost } | { ok: false; error: AccountError };
const wrong = (code: AccountError['code'], params?: AccountError['params']): ParsedHost => ({
  ok: false,
  error: params ? { code, params } : { code },
});

/** RFC 1035 §2.3.4, in octets of the A-label form. */
const longestName = 253;
const longestLabel = 63;

/**
 * The A-label form of a name or the canonical form of an address literal, or null where neither is possible.
 * The URL parser does both (UTS #46); it also turns `0x7f.1` and `2130706433` into the address that resolvers make of them.
 */
export const asciiName = (typed: string): string | null => {
  if (/[\s/?#\\@%<>"|^`{}[\]]/u.test(typed) || typed.includes(':')) return null;
  const url = `http://${typed}`;
  if (!URL.canParse(url)) return null;
  const name = new URL(url).hostname.replace(/\.$/u, '');
  const labels = name.split('.');
  const sound = labels.every(
    (label) => /^(?!-)[a-z0-9_-]+(?<!-)$/u.test(label) && label.length <= longestLabel,
  );
  return sound && name.length <= longestName ? name : null;
};

const asciiIPv6 = (typed: string): string | null => {
  const url = `http://[${typed}]`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : null;
};

const splitPort = (text: string): { name: string; port: string | null; literal: boolean } => {
  const bracketed = /^\[([^\]]*)\](?::([^:]*))?$/u.exec(text);
  if (bracketed) return { name: bracketed[1] ?? '', port: bracketed[2] ?? null, literal: true };
  const colons = text.split(':').length - 1;
  if (colons > 1) return { name: text, port: null, literal: true };
  const [name = '', port] = text.split(':');
  return { name, port: port ?? null, literal: false };
};

/** Reads a server name as people type it: spaces around it are dropped, `host:993` and `[::1]:993` are split. */
export const parseHost = (typed: string | null | undefined): ParsedHost => {
  const text = (typed ?? '').trim();
  if (text === '') return wrong('host-missing');
  const scheme = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/iu.exec(text);
  if (scheme)
    return wrong('host-with-scheme', { scheme: `${scheme[1]}://`, host: splitPort(scheme[2] ?? '').name });
  if (/\s/u.test(text)) return wrong('host-with-spaces');
  if (text.includes('@'))
    return wrong('host-is-an-address', { domain: text.slice(text.lastIndexOf('@') + 1) });
  const { name, port, literal } = splitPort(text);
  const asciiHost = literal ? asciiIPv6(name) : asciiName(name);
  if (asciiHost === null) return wrong(name.length > longestName ? 'host-too-long' : 'host-invalid');
  return { ok: true, value: { host: name.replace(/\.$/u, ''), asciiHost, port } };
};
