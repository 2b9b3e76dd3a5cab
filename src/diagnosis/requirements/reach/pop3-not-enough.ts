import { speaksOwnProtocol } from '../../observed/seen.ts';
import { requirement } from '../../requirement.ts';

/** Registered for POP3, without and with TLS (RFC 1939, RFC 8314). */
const pop3Ports: readonly number[] = [110, 995];

/**
 * A POP3 greeting where IMAP should be is the finding of `imap-smtp-supported`. What remains is the port: where no
 * IMAP server shows itself behind a port of POP3, the port was probably taken for that of IMAP.
 */
export const pop3NotEnough = requirement('pop3-not-enough', {
  scope: ['imap'],
  step: 'connect',
  shownBy: 'outside',
  sources: ['faq'],
  explains: {
    'imap-port-open': ['refused', 'timed-out', 'unreachable', 'closed-before-greeting'],
    'ip-allowlist': ['dropped'],
    'imap-smtp-supported': [
      'no-greeting',
      'refused-from-here',
      'closed-with-message',
      'closed-after-speaking',
      'wrong-protocol-http',
      'wrong-protocol-tls',
      'wrong-protocol-other',
    ],
    'imap-encryption': ['tls-on-plain-port', 'plain-on-tls-port', 'handshake-failed', 'starttls-broken'],
  },
  judge: (seen, say) => {
    const { greeting, recognition, endpoint } = seen;
    const spoken = greeting?.outcome === 'spoken' ? greeting.spoken : recognition?.spoken;
    if (speaksOwnProtocol(seen, spoken)) return say.pass();
    if (spoken?.protocol === 'pop3') return null;
    return endpoint && pop3Ports.includes(endpoint.port) ? say.because('pop3', {}) : null;
  },
});
