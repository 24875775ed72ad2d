// The words of the diagnosis but for those of what stands in the way to a server, which the log has
// too: directory/line/connect_fault.cpp.
// docs/operator/directory-troubleshooting.md is made from them, and a test holds the two together.
#include "directory/diagnosis/report.hpp"
#include "directory/line/connect_fault.hpp"

#include <iterator>
#include <vector>

namespace kommpass::directory::diagnosis {
namespace {

using enum level;

constexpr message others[] = {
    {"name.resolved", ok, "Name aufgelöst: {}", "Name resolved: {}", "", ""},
    {"tcp.connected", ok, "TCP-Verbindung steht.", "TCP connection is up.", "", ""},
    {"tls.none", note, "Ohne TLS; das ist nur auf dem eigenen Rechner erlaubt.",
     "Without TLS; that is allowed on the own machine only.", "", ""},
    {"tls.secured", ok, "TLS steht: {}", "TLS is up: {}", "", ""},
    {"tls.certificate", note, "Zertifikat: {}", "Certificate: {}", "", ""},
    {"tls.expires_soon", warning, "Das Zertifikat läuft bald ab: {}",
     "The certificate expires soon: {}", "Rechtzeitig erneuern, sonst kann sich niemand anmelden.",
     "Renew it in time, else nobody can sign in."},
    {"answer.slow", warning, "Die Antwort hat lange gedauert: {}", "The answer took long: {}",
     "Last und Namensauflösung am Verzeichnisserver prüfen, bei Suchen die Indizes der "
     "login_attributes; bis dahin deadline und connect_timeout nicht verkürzen.",
     "Check load and name resolution on the directory server, with searches the indexes of "
     "login_attributes; until then do not shorten deadline and connect_timeout."},
    {"bind.accepted", ok, "Das Dienstkonto ist angemeldet: {}", "The service account is bound: {}",
     "", ""},
    {"vendor.seen", ok, "Der Server nennt sich: {}", "The server calls itself: {}", "", ""},
    {"vendor.differs", warning, "Der Server scheint ein anderes Produkt zu sein: {}",
     "The server seems to be another product: {}",
     "vendor prüfen: openldap, active-directory oder 389-ds.",
     "Check vendor: openldap, active-directory or 389-ds."},
    {"base.readable", ok, "Die Basis ist lesbar.", "The base can be read.", "", ""},
    {"base.missing", failure,
     "Diese Basis gibt es nicht, oder das Dienstkonto darf sie nicht sehen; "
     "vorhanden ist: {}",
     "This base does not exist, or the service account may not see it; what exists: {}",
     "person_base oder group_base berichtigen, oder dem Dienstkonto Leserecht geben.",
     "Correct person_base or group_base, or give the service account the right to read."},
    {"search.unanswered", failure, "Eine Suche blieb ohne Antwort: {}",
     "A search got no answer: {}",
     "Die Suche dauert länger als deadline, oder der Server bricht sie ab: Indizes für "
     "login_attributes und Last am Verzeichnisserver prüfen.",
     "The search takes longer than deadline, or the server breaks it off: check indexes for "
     "login_attributes and the load on the directory server."},
    {"paging.none", warning, "Der Server bietet kein seitenweises Lesen an.",
     "The server offers no paged reading.",
     "Seitenweises Lesen einschalten (RFC 2696), oder dem Dienstkonto Suchen ohne Mengengrenze "
     "erlauben.",
     "Turn paged reading on (RFC 2696), or allow the service account searches without a size "
     "limit."},
    {"paging.limit", note,
     "Der Server gibt höchstens {} Einträge je Seite; Kommpass kommt damit aus.",
     "The server gives at most {} entries a page; Kommpass makes do with that.", "", ""},
    {"base.referral", failure,
     "Diese Basis hält der Server nicht selbst, er verweist auf einen anderen: {}",
     "The server does not hold this base itself, it refers to another one: {}",
     "In urls den Server nennen, auf den er verweist, oder eine Basis, die er selbst hält; "
     "Verweisen "
     "wird nicht gefolgt.",
     "Name the server that it refers to in urls, or a base that it holds itself; referrals are not "
     "followed."},
    {"persons.refused", failure, "Die Suche nach Personen wird abgelehnt: {}",
     "The search for persons is refused: {}",
     "person_filter, person_base und die Rechte des Dienstkontos prüfen.",
     "Check person_filter, person_base and the service account's rights."},
    {"persons.unpaged", warning,
     "Der Server verweigert seitenweises Lesen, es wurde ohne Seiten gelesen. Seine Worte: {}",
     "The server refuses reading in pages, so it was read without. Its words: {}",
     "Dem Dienstkonto seitenweises Lesen erlauben (OpenLDAP: size.prtotal=unlimited); ohne Seiten "
     "kommen höchstens 10.000 Personen.",
     "Allow the service account paged reading (OpenLDAP: size.prtotal=unlimited); without pages "
     "10,000 persons come at most."},
    {"groups.cut_off", warning, "Der Server begrenzt die Suche nach Gruppen: {}",
     "The server limits the search for groups: {}",
     "Die Grenzen des Servers für das Dienstkonto anheben.",
     "Raise the server's limits for the service account."},
    {"persons.counted", ok, "Personen gefunden: {}", "Persons found: {}", "", ""},
    {"persons.none", failure, "Unter der Basis ist niemand, auf den person_filter passt: {}",
     "Below the base nobody fits person_filter: {}",
     "person_filter und person_base prüfen; darf das Dienstkonto die Einträge lesen?",
     "Check person_filter and person_base; may the service account read the entries?"},
    {"persons.cut_off", warning,
     "Der Server begrenzt die Suche; so viele Personen kamen, und das sind seine Worte: {}",
     "The server limits the search; so many persons came, and these are its words: {}",
     "Dem Dienstkonto seitenweises Lesen ohne Grenze erlauben (OpenLDAP: size.prtotal=unlimited).",
     "Allow the service account paged reading without limit (OpenLDAP: size.prtotal=unlimited)."},
    {"persons.elsewhere", failure, "Der Server antwortet mit Einträgen außerhalb: {}",
     "The server answers with entries from outside: {}",
     "Solche Einträge zählen nicht. Umschreibende Overlays (rwm, relay) und person_base "
     "abgleichen.",
     "Such entries do not count. Compare rewriting overlays (rwm, relay) with person_base."},
    {"persons.sample", note, "Beispiel: {}", "Sample: {}", "", ""},
    {"id.missing", failure, "Personen ohne lesbare Kennung: {}", "Persons without readable id: {}",
     "id_attribute prüfen und dem Dienstkonto Leserecht darauf geben.",
     "Check id_attribute and give the service account the right to read it."},
    {"login.missing", warning, "Personen ohne Anmeldenamen: {}", "Persons without a login name: {}",
     "login_attributes prüfen: das erste Attribut muss jede Person haben.",
     "Check login_attributes: every person must have the first one."},
    {"groups.counted", ok, "Gruppen gefunden: {}", "Groups found: {}", "", ""},
    {"groups.none", warning, "Keine Gruppen nach dem eingestellten Modell: {}",
     "No groups of the configured kind: {}",
     "groups und group_base prüfen; ohne Gruppen wirken nur Regeln über Attribute.",
     "Check groups and group_base; without groups only rules by attribute work."},
    {"groups.other_model", warning, "Es gibt Gruppen anderer Art: {}",
     "There are groups of another kind: {}", "groups auf diese Art stellen, wenn sie gemeint ist.",
     "Set groups to this kind if it is the one meant."},
    {"watch.push", ok, "Änderungen werden sofort gemeldet: {}", "Changes are told at once: {}", "",
     ""},
    {"watch.poll", note, "Änderungen werden abgefragt, nicht gemeldet.",
     "Changes are polled for, not told.",
     "Schneller geht es mit syncprov (OpenLDAP); sonst poll_interval kürzer stellen.",
     "It is quicker with syncprov (OpenLDAP); else shorten poll_interval."},
    {"policy.seen", ok, "Kennwortregeln des Servers: {}", "The server's rules for passwords: {}",
     "", ""},
    {"policy.none", note, "Der Server hat keine Kennwortregeln (ppolicy ist nicht geladen).",
     "The server has no rules for passwords (ppolicy is not loaded).", "", ""},
    {"lockout.counted", ok, "Kontosperre des Servers: nach {} falschen Kennwörtern.",
     "The server's lock-out: after {} wrong passwords.", "", ""},
    {"lockout.unguarded", warning,
     "Der Server sperrt Konten nach {} falschen Kennwörtern, und lockout_threshold ist nicht "
     "kleiner oder gleich.",
     "The server locks accounts after {} wrong passwords, and lockout_threshold is not that low.",
     "lockout_threshold auf diese Zahl stellen, damit Fremde keine Konten sperren können.",
     "Set lockout_threshold to this number, so that outsiders cannot lock accounts."},
    {"lockout.none", ok, "Der Server sperrt keine Konten nach falschen Kennwörtern.",
     "The server locks no accounts after wrong passwords.", "", ""},
    {"lockout.untold", warning,
     "Ob und wann der Server Konten sperrt, darf das Dienstkonto nicht lesen.",
     "Whether and when the server locks accounts the service account may not read.",
     "Beim Betreuer des Verzeichnisses erfragen und als lockout_threshold eintragen; 0, wenn er "
     "nicht sperrt.",
     "Ask whoever runs the directory, and enter it as lockout_threshold; 0 if it does not lock."},
    {"lockout.low", warning,
     "Der Server sperrt schon nach {} falschen Kennwörtern: zu wenig, um etwas für Browser "
     "zurückzuhalten, mit denen sich die Person schon angemeldet hat.",
     "The server locks after {} wrong passwords already: too few to keep something back for "
     "browsers with which the person has signed in before.",
     "Die Sperrschwelle des Verzeichnisses auf mindestens 5, besser 10 anheben.",
     "Raise the directory's threshold to 5 at least, 10 is better."},
    {"lockout.longer_window", warning,
     "Der Server zählt falsche Kennwörter {} lang, länger als lockout_window.",
     "The server counts wrong passwords for {}, longer than lockout_window.",
     "lockout_window auf diese Zeit stellen, damit Fremde nicht mit Geduld sperren.",
     "Set lockout_window to this time, so that outsiders do not lock with patience."},
    {"lockout.never_forgets", warning,
     "Der Server zählt falsche Kennwörter, bis ein richtiges kommt; Kommpass vergisst sie nach {}.",
     "The server counts wrong passwords until a right one comes; Kommpass forgets them after {}.",
     "Im Verzeichnis eine Zeit setzen (pwdFailureCountInterval, passwordResetFailureCount), "
     "höchstens so lang wie lockout_window.",
     "Set a time in the directory (pwdFailureCountInterval, passwordResetFailureCount), no longer "
     "than lockout_window."},
    {"clock.right", ok, "Die Uhren gehen gleich (Abstand {}).", "The clocks agree ({} apart).", "",
     ""},
    {"clock.differs", warning, "Die Uhren gehen verschieden (Abstand {}).",
     "The clocks differ ({} apart).", "Beide Rechner an dieselbe Zeitquelle hängen (NTP).",
     "Attach both machines to the same time source (NTP)."},
    {"clock.untold", note, "Dieser Server sagt seine Uhrzeit nicht.",
     "This server does not tell its time.", "", ""},
    {"user.found", ok, "Person gefunden: {}", "Person found: {}", "", ""},
    {"user.none", failure, "Niemand heißt so (oder nicht unter der Basis).",
     "Nobody has this name (or not below the base).",
     "Schreibweise, login_attributes, person_base und person_filter prüfen.",
     "Check spelling, login_attributes, person_base and person_filter."},
    {"user.failed", failure, "Die Person ließ sich nicht lesen: {}",
     "The person could not be read: {}", "Siehe die Befunde darüber.", "See the findings above."},
    {"user.attribute", note, "{}", "{}", "", ""},
    {"user.group", note, "Gruppe {}", "Group {}", "", ""},
    {"user.groups_cut_off", warning, "Nicht alle Gruppen kamen an.", "Not all groups came.",
     "Die Grenzen des Servers für das Dienstkonto anheben.",
     "Raise the server's limits for the service account."},
};

}  // namespace

std::span<const message> every_message() noexcept {
    static const auto all = [] {
        std::vector<message> made;
        for (const auto& one : words_of_every_fault())
            made.push_back({one.id, failure, one.de, one.en, one.remedy_de, one.remedy_en});
        made.insert(made.end(), std::begin(others), std::end(others));
        return made;
    }();
    return all;
}

}  // namespace kommpass::directory::diagnosis
