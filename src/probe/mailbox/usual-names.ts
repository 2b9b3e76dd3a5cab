import { plainLetters } from '../refusals/clauses.ts';

/**
 * What mail programs and webmail call the folder for sent mail, in the languages of Europe: Thunderbird, Outlook, Apple
 * Mail, Roundcube and the large providers. Written as they are compared: without accents, a space for each hyphen.
 */
const usualNames = `
  sent; sent items; sent messages; sent mail; sentmail; sent mails; sent e mail; sent objects; sent email;
  sent emails; sent folder; sentbox; items sent; sentitems; sent items mail;
  gesendet; gesendete; gesendete elemente; gesendete objekte; gesendete nachrichten; gesendete mails;
  gesendete e mails; gesendete mail; gesendete emails; gesendete post; versendet; gescheckt; verschickt;
  verzonden; verzonden items; verzonden berichten; verzonden mail; verzonden e mail; verzonden post;
  ferstjoerd;
  envoye; envoyes; elements envoyes; messages envoyes; courrier envoye; courriers envoyes; objets envoyes;
  mails envoyes; e mails envoyes; courriels envoyes; elements envoye; envoyees; enviats; enviat;
  elements enviats; missatges enviats; correu enviat; bidalitakoak; bidalita; bidaliak; enviados; enviado;
  enviadas; elementos enviados; mensajes enviados; correo enviado; correos enviados; mensaxes enviadas;
  itens enviados; mensagens enviadas; correio enviado; e mails enviados; emails enviados; inviata; inviate;
  inviati; inviato; posta inviata; messaggi inviati; elementi inviati; mail inviate; posta spedita;
  trimise; elemente trimise; mesaje trimise; e mailuri trimise; mibghuta; mibghut;
  wyslane; elementy wyslane; wyslane elementy; wiadomosci wyslane; wyslane wiadomosci; poczta wyslana;
  wyslana poczta; odeslane; odeslana posta; odeslane polozky; odeslane zpravy; odoslane; odoslana posta;
  odoslane polozky; odoslane spravy; poslano; poslana posta; poslani elementi; poslana sporocila;
  poslane stavke; poslane poruke; poslato; poslata posta; poslane; poslati; poslate poruke; послато;
  послате ставке; послате поруке; послати;
  изпратени; изпратени елементи; изпратени съобщения; изпратена поща; испратени; пратени; пратени ставки;
  отправленные; отправленные элементы; отправленные письма; отправленное; надіслані; надіслані елементи;
  надислани; надислани елементи; відправлені; відправлено; надіслано; адпраўленыя; дасланыя;
  sendt; sendte; sendt post; sendte elementer; sendte element; sendte meddelelser; sendte beskeder;
  sendte meldinger; sendte e poster; sendt e post; sendt mail; skickat; skickade; skickade objekt;
  skickade meddelanden; skickad e post; skickade mail; lahetetyt; lahetetty; lahetetyt viestit;
  lahetetyt kohteet; lahetetyt sahkopostit; sendur postur; sent atridi; send atridi; sendir postar;
  saadetud; saadetud kirjad; saadetud uksused; saadetud sonumid; nosutitie; nosutits; nosutitas;
  nosutitas vestules; nosutitie vienumi; nosutitas zinas; issiusti; issiustieji; issiusta;
  issiusti laiskai; issiusti elementai; issiustieji laiskai; issiustos; elkuldott; elkuldott elemek;
  elkuldott uzenetek; elkuldott levelek; elkuldottek; kuldott; kuldott elemek; απεσταλμενα;
  απεσταλμενα στοιχεια; απεσταλμενα μηνυματα; σταλμενα; σταλθεντα; εσταλμενα; gonderilmis;
  gonderilmis ogeler; gonderilenler; gonderilmis postalar; gonderilen ogeler; gonderildi; gonderilmis oge;
  te derguar; derguar; te derguarat; te derguara; seolta; ireanna seolta; miranna seolta; anfonwyd;
  eitemau a anfonwyd; post a anfonwyd
`;

const compared = (name: string): string =>
  plainLetters(name)
    .replaceAll('ı', 'i')
    .replaceAll(/[-_'.\s]+/gu, ' ')
    .trim();

const all: ReadonlySet<string> = new Set(usualNames.split(';').map(compared));

/** Whether a folder of this name is, by all custom, the one for sent mail. `name`: its last part, as people read it. */
export const isUsualName = (name: string): boolean => all.has(compared(name));
