import { isIP, isIPv4, isIPv6 } from 'node:net';

/** `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53` or `[2001:db8::53]:5353`: what node:dns takes as a name server. */
export const isNameServer = (text: string): boolean => {
  if (isIP(text)) return !text.includes('%');
  const [, ipv6, ipv4 = '', port = '53'] = /^(?:\[([^\]%]+)\]|([\d.]+))(?::(\d{1,5}))?$/u.exec(text) ?? [];
  return (ipv6 === undefined ? isIPv4(ipv4) : isIPv6(ipv6)) && Number(port) >= 1 && Number(port) <= 65_535;
};
