import { type Service, services } from '../account/endpoint.ts';
import type { Assessment } from '../finding.ts';
import { overall } from '../overall.ts';
import type { RequirementId } from '../policy.ts';

/**
 * How much of an endpoint is looked at. `session`: one connection, as far as it leads. `versions`: besides, where that
 * session does not show a version that is in use today, each version is offered. `whole`: all that a check does.
 */
export type Extent = 'session' | 'versions' | 'whole';
export type Extents = Partial<Record<Service, Extent>>;

/** What somebody wants to know again. */
export type Question = {
  requirements: Readonly<Partial<Record<Service, readonly RequirementId[]>>>;
  /** That it is met is not all that counts: that it is still, or again, unmet must show as well. */
  isProofSought: boolean;
};

/** What is needed to see that they are unmet, where a session does not always show it. */
const toProve: Readonly<Partial<Record<RequirementId, Extent>>> = {
  'tls-min-version': 'versions',
  'imap-encryption': 'versions',
  'smtp-tls': 'versions',
};

const order = ['session', 'versions', 'whole'] as const satisfies readonly Extent[];

/** What is needed to see that they are met. */
const toClear: Readonly<Partial<Record<RequirementId, Extent>>> = {
  // One session speaks one version; that there are others shows only when they are offered.
  'tls13-only': 'whole',
  // Whether a certificate of ours is asked for shows in the offers alone.
  'imap-encryption': 'whole',
  'smtp-tls': 'whole',
  // Of a server on port 25 the other ports are asked, too.
  'smtp-port-open': 'versions',
};

/** As little as answers the question: broken handshakes, repeated for weeks, look like an attack. */
export const extentsFor = ({ requirements, isProofSought }: Question): Extents => {
  const needed = (id: RequirementId): number =>
    Math.max(
      order.indexOf(toClear[id] ?? 'session'),
      isProofSought ? order.indexOf(toProve[id] ?? 'session') : 0,
    );
  return Object.fromEntries(
    services.flatMap((service) => {
      const asked = requirements[service];
      return asked ? [[service, order[Math.max(0, ...asked.map(needed))] ?? 'session']] : [];
    }),
  );
};

/** What an assessment of so little says: the rest was not looked at, and nothing is to be read into that. */
export const answered = (assessment: Assessment, question: Question): Assessment => {
  const findings = assessment.findings.filter(
    ({ requirement, endpoint }) => endpoint && question.requirements[endpoint.service]?.includes(requirement),
  );
  return { ...assessment, findings, verdict: overall(findings), settings: null };
};
