/** The two services of a mail account that HubSpot connects to. */
export type Service = 'imap' | 'smtp';

/** How a connection is secured: TLS from the first byte, STARTTLS (RFC 9051 §6.2.1, RFC 3207), or as the user says, not at all. */
export type Encryption = 'tls' | 'starttls' | 'none';

export const services = ['imap', 'smtp'] as const satisfies readonly Service[];
export const encryptions = ['tls', 'starttls', 'none'] as const satisfies readonly Encryption[];

/** Where one service is said to live. `encryption: 'auto'`: nobody said, both ways are tried. */
export type Endpoint = {
  service: Service;
  /** As typed; shown to people. */
  host: string;
  /** A-label or address literal; used for DNS, SNI and the certificate's name. */
  asciiHost: string;
  port: number;
  encryption: Encryption | 'auto';
};

const securedByPort: Readonly<Record<number, Encryption>> = {
  993: 'tls',
  465: 'tls',
  143: 'starttls',
  587: 'starttls',
  25: 'starttls',
  2525: 'starttls',
};

const usualPorts = {
  imap: { tls: 993, starttls: 143, none: 143 },
  smtp: { tls: 465, starttls: 587, none: 587 },
} as const satisfies Record<Service, Record<Encryption, number>>;

/** What a port number alone says about encryption; any other port says nothing. */
export const encryptionOfPort = (port: number): Encryption | 'auto' => securedByPort[port] ?? 'auto';

/** The registered port (RFC 8314) for a service secured in this way. */
export const usualPort = (service: Service, encryption: Encryption): number =>
  usualPorts[service][encryption];

/** An endpoint as it was used; `encryption` is null where neither way worked. */
export type UsedEndpoint = { service: Service; host: string; port: number; encryption: Encryption | null };
