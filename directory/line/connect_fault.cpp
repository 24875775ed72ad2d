// The words for what stands in the way to a server: for the log, `directory test` and the console.
#include "directory/line/connect_fault.hpp"

#include <cstddef>

namespace kommpass::directory {
namespace {

// In the order of `fault`.
constexpr fault_words all[] = {
    {"url.plain_text", "Kennwörter gingen unverschlüsselt an einen anderen Rechner.",
     "Passwords would go to another host in plain text.",
     "transport = \"ldaps\" mit ldaps://-Adresse setzen, oder \"starttls\".",
     "Set transport = \"ldaps\" with an ldaps:// address, or \"starttls\"."},
    {"name.unresolved", "Der Name lässt sich nicht auflösen: {}", "The name cannot be resolved: {}",
     "Schreibweise und DNS prüfen; im Zweifel die IP-Adresse des Servers eintragen.",
     "Check the spelling and the DNS; if in doubt use the server's IP address."},
    {"address.forbidden", "Dorthin verbindet sich Kommpass nicht: {}",
     "Kommpass does not connect there: {}",
     "Die Adresse des Verzeichnisservers eintragen. Läuft er wirklich auf diesem Rechner, erlaubt "
     "der Betreiber das Netz in den Einstellungen unter [directories].",
     "Enter the address of the directory server. If it does run on this machine, the operator "
     "allows the network in the settings under [directories]."},
    {"tcp.refused", "Der Rechner lehnt die Verbindung ab: {}",
     "The host refuses the connection: {}",
     "Läuft der LDAP-Dienst? Stimmt der Port (636 für LDAPS, 389 für StartTLS)?",
     "Does the LDAP service run? Is the port right (636 for LDAPS, 389 for StartTLS)?"},
    {"tcp.unreachable", "Es führt kein Weg dorthin: {}", "There is no way there: {}",
     "Netz, Weg (Routing, VPN) und Adresse prüfen: der Rechner meldet, dass er dorthin nicht "
     "senden "
     "kann.",
     "Check network, route (VPN) and address: the machine says that it cannot send there."},
    {"tcp.silent", "Keine Antwort in der erlaubten Zeit.", "No answer within the time allowed.",
     "Meist verwirft eine Firewall die Pakete: den Weg von Kommpass zum Server und Port freigeben.",
     "Mostly a firewall drops the packets: allow the way from Kommpass to this server and port."},
    {"starttls.refused", "Der Server lehnt StartTLS ab: {}", "The server refuses StartTLS: {}",
     "Am Server ein Zertifikat einrichten, oder ldaps:// mit Port 636 verwenden.",
     "Set up a certificate on the server, or use ldaps:// with port 636."},
    {"starttls.silent", "Der Server nimmt die Verbindung an und sagt zu StartTLS nichts.",
     "The server accepts the connection and says nothing to StartTLS.",
     "Steht hinter dem Port ein LDAP-Dienst (389)? Auf Port 636 gehört ldaps://. Sonst hängt der "
     "Dienst: am Server nachsehen.",
     "Is it an LDAP service behind this port (389)? Port 636 belongs to ldaps://. Else the service "
     "hangs: look at the server."},
    {"starttls.cut", "Der Server hat die Verbindung beendet, statt StartTLS zu beantworten.",
     "The server ended the connection in place of an answer to StartTLS.",
     "Das Protokoll des Verzeichnisservers ansehen; auf Port 636 gehört ldaps://, und mancher "
     "Lastverteiler davor trennt ohne Ziel.",
     "Look at the directory server's log; port 636 belongs to ldaps://, and some load balancers in "
     "front cut where they have no target."},
    {"starttls.garbage", "Auf StartTLS kam etwas, das kein LDAP ist.",
     "What answered StartTLS is no LDAP.",
     "Den Port prüfen: dort läuft ein anderer Dienst (389 ist üblich).",
     "Check the port: another service runs there (389 is usual)."},
    {"tls.ca_unreadable", "Die CA-Datei ist nicht lesbar: {}", "The CA file cannot be read: {}",
     "Pfad und Rechte prüfen; die Datei muss PEM sein und für den Benutzer kommpass lesbar.",
     "Check path and rights; the file must be PEM and readable for the user kommpass."},
    {"tls.client_certificate", "Das eigene Zertifikat ist nicht verwendbar: {}",
     "The own certificate cannot be used: {}",
     "client_certificate_file und client_key_file prüfen: lesbar, PEM, und zusammengehörig.",
     "Check client_certificate_file and client_key_file: readable, PEM, and belonging together."},
    {"tls.silent", "Der Server nimmt die Verbindung an und beginnt kein TLS.",
     "The server accepts the connection and begins no TLS.",
     "Spricht der Port TLS (636 bei ldaps://)? Sonst hängt der Dienst, oder etwas dazwischen hält "
     "große Pakete auf (MTU): am Server nachsehen.",
     "Does the port speak TLS (636 with ldaps://)? Else the service hangs, or something between "
     "stops large packets (MTU): look at the server."},
    {"tls.cut", "Der Server hat die Verbindung während des TLS-Aufbaus beendet.",
     "The server ended the connection while TLS was set up.",
     "Meist der falsche Port: ldaps:// gehört auf 636, auf 389 transport = \"starttls\". Sonst hat "
     "der Server kein Zertifikat, oder ein Lastverteiler davor kein Ziel.",
     "Mostly the wrong port: ldaps:// belongs to 636, on 389 use transport = \"starttls\". Else "
     "the "
     "server has no certificate, or a load balancer in front has no target."},
    {"tls.garbage", "Was der Server sagt, ist kein TLS.", "What the server says is no TLS.",
     "Den Port prüfen: ldaps:// gehört auf 636; auf 389 transport = \"starttls\" setzen.",
     "Check the port: ldaps:// belongs to 636; on 389 set transport = \"starttls\"."},
    {"tls.failed", "TLS kam nicht zustande: {}", "TLS was not established: {}",
     "Der Server muss TLS 1.2 oder 1.3 mit zeitgemäßen Verfahren sprechen.",
     "The server must speak TLS 1.2 or 1.3 with algorithms of today."},
    {"tls.expired", "Das Zertifikat ist abgelaufen: {}", "The certificate has expired: {}",
     "Am Verzeichnisserver ein neues Zertifikat einrichten.",
     "Install a new certificate on the directory server."},
    {"tls.not_yet_valid", "Das Zertifikat gilt noch nicht: {}",
     "The certificate is not valid yet: {}", "Die Uhren beider Rechner prüfen.",
     "Check the clocks of both machines."},
    {"tls.unknown_ca", "Der Aussteller des Zertifikats ist unbekannt: {}",
     "The issuer of the certificate is unknown: {}",
     "In der Einrichtung des Verzeichnisses den Fingerabdruck vergleichen und bestätigen, oder das "
     "Zertifikat der eigenen CA als PEM ablegen und in ca_file nennen.",
     "Compare and confirm the fingerprint in the directory's set-up, or save the certificate of "
     "your own CA as PEM and name it in ca_file."},
    {"tls.host_name_differs", "Das Zertifikat gilt für andere Namen: {}",
     "The certificate is for other names: {}",
     "In urls einen dieser Namen verwenden, oder ein Zertifikat mit dem richtigen Namen "
     "ausstellen.",
     "Use one of these names in urls, or issue a certificate with the right name."},
    {"tls.weak_key", "Der Schlüssel des Zertifikats ist zu kurz: {}",
     "The certificate's key is too short: {}",
     "Ein neues Zertifikat mit RSA ab 3072 Bit (mindestens 2048) oder einer Kurve ab 256 Bit "
     "ausstellen. Ein bestätigter Fingerabdruck hilft hier nicht.",
     "Issue a new certificate with RSA of 3072 bit (2048 at least) or a curve of 256 bit. A "
     "confirmed fingerprint does not help here."},
    {"tls.weak_signature", "Das Zertifikat ist mit einem gebrochenen Verfahren unterschrieben: {}",
     "The certificate is signed with a broken algorithm: {}",
     "Das Zertifikat neu ausstellen lassen, mit SHA-256; SHA-1 und MD5 lassen sich fälschen.",
     "Have the certificate issued anew, with SHA-256; SHA-1 and MD5 can be forged."},
    {"tls.untrusted", "Dem Zertifikat ist nicht zu trauen: {}",
     "The certificate is not to be trusted: {}",
     "Ein Zertifikat für einen TLS-Server ausstellen lassen, mit vollständiger Kette.",
     "Have a certificate issued for a TLS server, with its whole chain."},
    {"bind.password_unreadable", "Das Kennwort des Dienstkontos ist nicht lesbar: {}",
     "The service account's password cannot be read: {}",
     "bind_password_file prüfen: vorhanden, für den Benutzer kommpass lesbar, erste Zeile das "
     "Kennwort.",
     "Check bind_password_file: there, readable for the user kommpass, its first line the "
     "password."},
    {"bind.refused", "Das Dienstkonto wird abgelehnt: {}", "The service account is refused: {}",
     "bind_dn und Kennwort prüfen; ist das Konto gesperrt oder abgelaufen?",
     "Check bind_dn and password; is the account locked or expired?"},
    {"bind.failed", "Nach der Verbindung ging es nicht weiter: {}",
     "After the connection nothing went on: {}", "Das Protokoll des Verzeichnisservers ansehen.",
     "Look at the directory server's log."},
    {"ldap.silent", "Der Server nimmt die Verbindung an und beantwortet keine LDAP-Frage.",
     "The server accepts the connection and answers no LDAP question.",
     "Der Dienst hängt oder ist überlastet, oder ein Gerät dazwischen hält die Antworten zurück: "
     "am "
     "Server nachsehen, ob er sich dort selbst fragen lässt.",
     "The service hangs or is overloaded, or a device between keeps its answers: look whether it "
     "answers on the server itself."},
    {"ldap.cut", "Der Server hat die Verbindung beendet, statt zu antworten.",
     "The server ended the connection in place of an answer.",
     "Das Protokoll des Verzeichnisservers ansehen: Verbindungsgrenze, Absturz, Zugriffsregel für "
     "diese Adresse? Auf Port 636 gehört ldaps://.",
     "Look at the directory server's log: limit of connections, crash, access rule for this "
     "address? Port 636 belongs to ldaps://."},
    {"ldap.garbage", "Was der Server antwortet, ist kein LDAP.",
     "What the server answers is no LDAP.",
     "Den Port prüfen: dort läuft ein anderer Dienst, oder einer, der TLS erwartet.",
     "Check the port: another service runs there, or one that expects TLS."},
};

}  // namespace

const fault_words& words_of(fault what) noexcept { return all[static_cast<std::size_t>(what)]; }

std::span<const fault_words> words_of_every_fault() noexcept { return all; }

std::string in_words(const connect_fault& one) {
    const auto& words = words_of(one.what);
    std::string text(words.en);
    if (const auto place = text.find("{}"); place != std::string::npos)
        text.replace(place, 2, one.detail);
    return std::string(words.id) + ": " + text;
}

std::string in_words(const std::vector<connect_fault>& all_of_them) {
    std::string text;
    for (const auto& one : all_of_them) text += (text.empty() ? "" : "; ") + in_words(one);
    return text;
}

}  // namespace kommpass::directory
