import { z } from 'zod';
import { services } from '../../diagnosis/account/endpoint.ts';
import { protocolVersions } from '../../diagnosis/observed/observation.ts';
import { softwareIds } from '../../diagnosis/observed/software.ts';
import { requirementIds } from '../../diagnosis/policy.ts';
import { hubspotSteps, policyIds, policyNamed } from '../../diagnosis/target/hubspot/index.ts';

const encryption = z.enum(['tls', 'starttls', 'none']);
const endpoint = z.object({
  service: z.enum(['imap', 'smtp']),
  host: z.string(),
  asciiHost: z.string(),
  port: z.number(),
  encryption: z.union([encryption, z.literal('auto')]),
});

const account = z.object({
  address: z.string(),
  imap: endpoint.nullable(),
  smtp: endpoint.nullable(),
  username: z.string(),
  smtpLogin: z.enum(['same', 'different']),
  untrustedCertificateExpected: z.boolean(),
  personalInbox: z.boolean().nullable(),
});

const finding = z.object({
  requirement: z.enum(requirementIds),
  verdict: z.enum(['pass', 'warn', 'fail', 'unknown', 'not-applicable']),
  reason: z.string().nullable(),
  severity: z.enum(['blocker', 'warning', 'info']),
  actor: z.enum(['rep', 'it', 'hubspot-admin']),
  hubspotStep: z.enum(hubspotSteps).nullable(),
  endpoint: z
    .object({
      service: z.enum(['imap', 'smtp']),
      host: z.string(),
      port: z.number(),
      encryption: encryption.nullable(),
    })
    .nullable(),
  evidence: z.record(
    z.string(),
    z.union([
      z.string(),
      z.number(),
      z.boolean(),
      z.null(),
      z.array(z.string()).readonly(),
      z.array(z.object({ folder: z.string() })).readonly(),
    ]),
  ),
  policiesDisagree: z.boolean(),
});

const settings = z.object({
  email: z.string(),
  username: z.string(),
  imapHost: z.string(),
  imapPort: z.number(),
  imapEncryption: z.enum(['tls', 'starttls']),
  smtpHost: z.string(),
  smtpPort: z.number(),
  smtpEncryption: z.enum(['tls', 'starttls']),
  allowUntrustedCertificate: z.boolean(),
});

const serverFacts = z.object({
  service: z.enum(['imap', 'smtp']),
  software: z.enum(softwareIds).nullable(),
  versions: z.array(
    z.object({
      version: z.enum(protocolVersions),
      answer: z.enum(['yes', 'no', 'undecided', 'untried']),
      alert: z.number().nullable(),
    }),
  ),
  certificates: z.array(
    z.object({
      subject: z.string(),
      issuer: z.string(),
      names: z.array(z.string()),
      notBefore: z.number(),
      notAfter: z.number(),
      key: z.string(),
      signature: z.string(),
      fingerprint256: z.string(),
    }),
  ),
});

const assessment = z.object({
  verdict: z.enum(['ready', 'ready-with-warnings', 'blocked', 'inconclusive']),
  /** Under the id that it has today, whatever it was stored as. */
  policy: z.preprocess((id) => (typeof id === 'string' ? policyNamed(id) : id), z.enum(policyIds)),
  loginTested: z.boolean(),
  findings: z.array(finding),
  settings: settings.nullable(),
  /** Absent in what was stored before it was known. */
  servers: z.array(serverFacts).optional(),
});

const transcriptLine = z.object({ from: z.enum(['server', 'client', 'note']), text: z.string() });
const transcript = z.object({ service: z.enum(['imap', 'smtp']), lines: z.array(transcriptLine) });

/** One check of an account, and what came of it. */
export const checkSchema = z.object({
  id: z.string(),
  account,
  startedAt: z.number(),
  /** `failed`: our own fault; never a verdict about the server. */
  state: z.enum(['running', 'finished', 'failed']),
  durationMs: z.number().nullable(),
  assessment: assessment.nullable(),
  transcripts: z.array(transcript),
  /** Asked for with `details`. */
  detailsShown: z.boolean(),
  /** The case on whose behalf IT started it; null: the rep did. */
  forCase: z.string().nullable(),
  /** Nobody pressed a button for it: the causes were gone, and the rep is to know what holds now. */
  byWatch: z.boolean().default(false),
  /** With a password that was typed into the login page; nothing of it is kept. */
  withLogin: z.boolean().default(false),
  /** What became of the rehearsal that she agreed to, absent: to none; `cancelled`: she closed the page meanwhile. */
  rehearsal: z.enum(['asked', 'held', 'cancelled']).exactOptional(),
  /** Our own mail by the value of its header, as long as it may lie in her mailbox. Of what else lies there nothing is kept. */
  testMail: z.string().nullable().exactOptional(),
  /** Servers that nothing connects with the address, as far as we could see; in what was stored before, all. */
  foreignServers: z.array(z.enum(['imap', 'smtp'])).default(['imap', 'smtp']),
});

export type Check = z.infer<typeof checkSchema>;

/** A check that has just been begun, by whoever asked for it. `at`: milliseconds since the epoch. */
export const newCheck = (id: string, account: Check['account'], at: number): Check => ({
  id,
  account,
  startedAt: at,
  state: 'running',
  durationMs: null,
  assessment: null,
  transcripts: [],
  detailsShown: false,
  forCase: null,
  byWatch: false,
  withLogin: false,
  foreignServers: [...services],
});
export type Transcript = z.infer<typeof transcript>;
