/** Why an operator's command could not be carried out; in words it is one line. */
export type Fault =
  /** As doctor says it. */
  | { type: 'wrong-setting'; variable: string }
  | { type: 'settings-not-readable' }
  | { type: 'store'; place: 'DATA_DIR' | 'DATABASE_URL'; code: string }
  | { type: 'no-store' }
  /** A deletion is asked about, and there is no terminal. */
  | { type: 'needs-yes' }
  | { type: 'not-confirmed' }
  | { type: 'in-use' }
  | { type: 'no-such-job'; id: number }
  | { type: 'no-such-case'; id: string }
  | { type: 'nobody'; person: string }
  | { type: 'several'; person: string; ids: readonly string[] }
  | { type: 'unreadable'; person: string }
  | { type: 'file-exists'; file: string }
  | { type: 'file-not-written'; file: string; code: string }
  | { type: 'archive'; file: string; code: 'not-readable' | 'unknown' | 'newer' | 'damaged' };

export class OperatorFault extends Error {
  readonly code = 'operator-fault';
  readonly fault: Fault;
  constructor(fault: Fault, options?: { cause: unknown }) {
    super(fault.type, options);
    this.name = 'OperatorFault';
    this.fault = fault;
  }
}
