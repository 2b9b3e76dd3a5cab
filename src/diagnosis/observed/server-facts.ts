import type { Account } from '../account/account.ts';
import { type Service, services } from '../account/endpoint.ts';
import { type Observation, type ProtocolVersion, protocolVersions } from './observation.ts';
import { look, versionAnswers } from './seen.ts';
import { type Software, softwareOf } from './software.ts';

/** How one version of the protocol was answered on its own. `untried`: it was never offered, or the way there broke. */
export type VersionFact = {
  version: ProtocolVersion;
  answer: 'yes' | 'no' | 'undecided' | 'untried';
  /** RFC 8446 §6 number of the alert that came as answer. */
  alert: number | null;
};

/** What an administrator wants to see of one certificate; times in milliseconds since the epoch. */
export type CertificateSummary = {
  subject: string;
  issuer: string;
  names: string[];
  notBefore: number;
  notAfter: number;
  /** Such as `RSA 2048`. */
  key: string;
  signature: string;
  fingerprint256: string;
};

/** What was learnt of one server besides the findings, for those who have to mend it. */
export type ServerFacts = {
  service: Service;
  software: Software | null;
  versions: VersionFact[];
  certificates: CertificateSummary[];
};

const shownNames = 10;
const shownCertificates = 5;

const factsOf = (account: Account, service: Service, observations: readonly Observation[]): ServerFacts => {
  const seen = look(account, service, observations);
  const answers = versionAnswers(seen);
  const tried = (version: ProtocolVersion) =>
    seen.offers.find((offer) => offer.version === version && offer.outcome !== 'not-tried');
  return {
    service,
    software: softwareOf(service, observations),
    versions: protocolVersions.map((version) => {
      const offer = tried(version);
      const answer = answers.get(version) ?? 'untried';
      return {
        version,
        answer: offer || answer === 'yes' ? answer : 'untried',
        alert: offer?.alert ?? null,
      };
    }),
    certificates: (seen.certificates?.chain ?? []).slice(0, shownCertificates).map((one) => ({
      subject: one.subject,
      issuer: one.issuer,
      names: one.names.slice(0, shownNames),
      notBefore: one.notBefore,
      notAfter: one.notAfter,
      key: [one.keyType, one.keyBits].filter((part) => part !== null).join(' '),
      signature: one.signature,
      fingerprint256: one.fingerprint256,
    })),
  };
};

/** For both services, in the order in which HubSpot tests them; without a server there is nothing to tell. */
export const serverFacts = (account: Account, observations: readonly Observation[]): ServerFacts[] =>
  services.flatMap((service) => (account[service] ? [factsOf(account, service, observations)] : []));

/** By service the certificate (SHA-256 of it) that an earlier look has seen. */
export type Pinned = Readonly<Partial<Record<Service, string>>>;
