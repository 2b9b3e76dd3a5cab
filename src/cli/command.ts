import type { Account, AccountErrors } from '../diagnosis/account/account.ts';
import type { Policy } from '../diagnosis/target/hubspot/index.ts';
import type { OperatorCommand, OperatorUsage } from './operator/arguments.ts';

export type CheckCommand = {
  type: 'check';
  account: Account;
  /** False: the proposal for the address may name another. */
  usernameTyped: boolean;
  policy: Policy;
  timeoutMs: number | null;
  nameServers: string[];
  caFile: string | null;
  allowNetworks: string[];
  /** A password is to be read from standard input, and the login tested with it. */
  passwordStdin: boolean;
  /** Consent to a rehearsal: a mail is sent, and a copy of it stored. */
  sendTestMail: boolean;
  json: boolean;
};

export type DiscoverCommand = Pick<CheckCommand, 'nameServers' | 'caFile' | 'allowNetworks' | 'json'> & {
  type: 'discover';
  address: string;
};

/** `blocks`: a platform is asked about everything that is sent there. */
export type DoctorCommand = { type: 'doctor'; blocks: boolean; json: boolean };

export type UsageProblem =
  | OperatorUsage
  | { code: 'unknown-command'; command: string }
  | { code: 'unknown-option'; option: string }
  | { code: 'option-without-value'; option: string }
  | { code: 'unexpected-argument'; argument: string }
  | { code: 'wrong-value'; option: string; expected: string }
  | { code: 'password-missing' }
  | { code: 'test-mail-without-login' }
  | { code: 'rehearsal-off' }
  | { code: 'password-unusable' }
  /** `option` null: the address, which needs no name. */
  | { code: 'field'; option: string | null; errors: AccountErrors };

export type Command =
  | CheckCommand
  | DiscoverCommand
  | DoctorCommand
  | OperatorCommand
  | { type: 'help' }
  | { type: 'version' }
  | { type: 'usage'; problem: UsageProblem };
