import { services } from '../../account/endpoint.ts';
import { lacksItsCertificate } from '../../observed/in-front.ts';
import type { ObservationOf, Spoken } from '../../observed/observation.ts';
import {
  closedAfterSpeaking,
  connected,
  droppedAtOnce,
  type Seen,
  speaksOwnProtocol,
  turnedAway,
  wantsOurCertificate,
} from '../../observed/seen.ts';
import { type Judgement, requirement, type Say } from '../../requirement.ts';

/** RFC 9051 and RFC 5321 name no limit for the greeting's delay; HubSpot's patience is not known. In milliseconds. */
const slowGreetingMs = 5_000;

type Own = Say<'imap-smtp-supported'>;

const wrongProtocol = ({ protocol, text }: Spoken, say: Own): Judgement =>
  protocol === 'http'
    ? say.because('wrong-protocol-http', {})
    : say.because(`wrong-protocol-${protocol}`, { banner: text });

const judgeSpoken = (seen: Seen, greeting: ObservationOf<'greeting'>, say: Own): Judgement | null => {
  if (greeting.outcome !== 'spoken') return null;
  const { spoken, ms } = greeting;
  if (!speaksOwnProtocol(seen, spoken)) return wrongProtocol(spoken, say);
  const answers = [seen.plainCapabilities, seen.tlsCapabilities].map((answer) => answer?.outcome);
  if (answers.includes('too-long')) return say.because('hostile-answer', {});
  const unanswered = answers.some((how) => how && ['silent', 'closed', 'reset', 'denied'].includes(how));
  if (unanswered && !wantsOurCertificate(seen))
    return say.because('no-answer', { command: seen.service === 'smtp' ? 'EHLO' : 'CAPABILITY' });
  return ms > slowGreetingMs
    ? say.because('slow-greeting', { seconds: Math.round(ms / 1000) })
    : say.pass({ banner: spoken.text });
};

/** What another way of asking has brought to light where the expected greeting did not come. */
const judgeRecognised = (seen: Seen, say: Own): Judgement | null => {
  const { recognition } = seen;
  // The right protocol behind the other kind of encryption: the encryption is at fault, not the protocol.
  if (!recognition || speaksOwnProtocol(seen, recognition.spoken)) return null;
  return recognition.spoken ? wrongProtocol(recognition.spoken, say) : say.because('wrong-protocol-tls', {});
};

/** We are sent away. That may hold for our address alone; of words that name no cause nothing is guessed. */
const judgeRefusal = ({ about, text }: Spoken, say: Own): Judgement => {
  switch (about) {
    case 'addresses':
    case 'our-address':
      return say.because('refused-from-here', { answer: text });
    case 'our-name':
      return say.because('our-name-refused', { banner: text });
    case null:
      return say.because('closed-with-message', { banner: text });
  }
};

export const imapSmtpSupported = requirement('imap-smtp-supported', {
  scope: services,
  step: 'connect',
  shownBy: 'outside',
  sources: ['requirements-2017'],
  gate: 'everything',
  judge: (seen, say) => {
    const { greeting, handshake, recognition } = seen;
    if (!connected(seen)) return null;
    const away = turnedAway(seen);
    if (away && (wantsOurCertificate(seen) || lacksItsCertificate(away.text)))
      return say.pass({ banner: away.text });
    if (closedAfterSpeaking(seen)) return say.because('closed-after-speaking', {});
    if (droppedAtOnce(seen)) return say.because('refused-from-here', { answer: null });
    if (away) return away.state === 'refusing' ? judgeRefusal(away, say) : null;
    if (recognition) return judgeRecognised(seen, say);
    if (greeting?.outcome === 'spoken') return judgeSpoken(seen, greeting, say);
    if (greeting?.outcome === 'too-long') return say.because('hostile-answer', {});
    const quiet = greeting ?? (handshake?.outcome === 'silent' ? handshake : null);
    return quiet?.outcome === 'silent'
      ? say.because('no-greeting', { seconds: Math.max(1, Math.round(quiet.ms / 1000)) })
      : null;
  },
});
