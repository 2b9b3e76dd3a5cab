import type { PortRange } from '../diagnosis/account/parse.ts';

/** The ports of mail: submission, relay, retrieval, with and without TLS. */
export const mailPorts: readonly PortRange[] = [25, 110, 143, 465, 587, 993, 995, 2525].map((port) => ({
  from: port,
  to: port,
}));

/** The ports from which configuration files are fetched. */
export const webPorts: readonly number[] = [443, 80];
