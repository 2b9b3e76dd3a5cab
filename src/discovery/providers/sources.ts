/** Where the facts of the provider table were read, and the date of what was read, by the calendar. */
export type Source = { name: string; date: string };

export const ispdb: Source = { name: 'Thunderbird ISPDB c6ad796', date: '2026-03-12' };
export const deltaChat: Source = { name: 'Delta Chat provider-db 5c14381', date: '2024-11-22' };
export const nodemailer: Source = { name: "nodemailer's list of well-known services", date: '2026-08-07' };
export const google: Source = { name: "Google's notice on less secure apps", date: '2025-05-01' };
export const microsoft: Source = { name: 'Microsoft message MC786329', date: '2026-01-27' };
export const microsoftMx: Source = { name: 'Microsoft message MC1048624', date: '2026-02-02' };
export const ovhDocs: Source = { name: 'ovhcloud-docs, pull request 235', date: '2026-06-19' };
export const readme: Source = { name: 'a third-party README only', date: '2026' };
export const fairEmail: Source = { name: "FairEmail's providers.xml e23dd9d", date: '2026-08-22' };
export const mxsniff: Source = { name: "mxsniff's providers.py ec26e90 (MX)", date: '2023-02-06' };
/** Hosts that several public projects use; the day on which they were seen. */
export const publicCode: Source = { name: 'public code only', date: '2026-11-26' };

/** One file of Thunderbird's database at c6ad796, and when it was last changed. */
export const ispdbOf = (file: string, date: string): Source => ({
  name: `Thunderbird ISPDB c6ad796 ${file}`,
  date,
});

/** One page of Delta Chat's database at ad097ee, and when it was last checked. */
export const providerDb = (page: string, date: string): Source => ({
  name: `chatmail provider-db ad097ee ${page}`,
  date,
});

/** The provider's own help pages, in the copies of that year. */
export const ownHelp = (page: string): Source => ({ name: page, date: '2026' });
