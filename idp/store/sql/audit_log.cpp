#include "idp/store/sql/audit_log.hpp"

#include "idp/store/audit_chain.hpp"
#include "idp/store/sql/storable_text.hpp"
#include "idp/store/store.hpp"

#include <openssl/rand.h>

namespace kommpass::idp::store::sql {
namespace {

constexpr std::size_t salt_size = 16;

std::string random_bytes(std::size_t size) {
    std::string bytes(size, '\0');
    if (::RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(size)) != 1)
        throw engine_failure("the machine gives no random numbers");
    return bytes;
}

std::string hexadecimal(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

// What is digested is what comes back: PostgreSQL keeps no text that is no UTF-8 or holds a zero
// byte, so such text is replaced before.
void make_fit(audit_record& r) {
    for (auto* text : {&r.event, &r.result, &r.request, &r.address, &r.detail_json})
        if (!is_storable(*text)) *text = made_storable(*text);
    if (!is_storable(r.client.view())) r.client = client_id(made_storable(r.client.view()));
    if (!is_storable(r.member.view())) r.member = member_slug(made_storable(r.member.view()));
}

std::vector<stored_audit_record> all_of(rows answer) {
    std::vector<stored_audit_record> all;
    while (answer.next()) {
        auto& [sequence, r] = all.emplace_back();
        answer.read(sequence, r.at, r.event, r.result, r.member, r.person, r.client, r.request,
                    r.address, r.detail_json);
    }
    return all;
}

}  // namespace

audit_log::audit_log(database& on)
    : insert_(on,
              "INSERT INTO audit (at, event, result, member, person, client, request, address,"
              " detail_json, salt, address_digest, content_digest, previous_hash, hash, sequence)"
              " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"),
      after_(on,
             "SELECT a.sequence, a.at, a.event, a.result, a.member, coalesce(p.person, ''),"
             " a.client, a.request, a.address, a.detail_json FROM audit a"
             " LEFT JOIN pseudonym p ON p.pseudonym = a.person"
             " WHERE a.sequence > ? ORDER BY a.sequence LIMIT ?"),
      before_(on,
              "SELECT a.sequence, a.at, a.event, a.result, a.member, coalesce(p.person, ''),"
              " a.client, a.request, a.address, a.detail_json FROM audit a"
              " LEFT JOIN pseudonym p ON p.pseudonym = a.person"
              " WHERE a.sequence < ? ORDER BY a.sequence DESC LIMIT ?"),
      refused_(on,
               "SELECT a.sequence, a.at, a.event, a.result, a.member, coalesce(p.person, ''),"
               " a.client, a.request, a.address, a.detail_json FROM audit a"
               " LEFT JOIN pseudonym p ON p.pseudonym = a.person"
               " WHERE a.event = 'grant.refused' AND a.removed = '' AND a.at >= ?"
               " ORDER BY a.sequence DESC LIMIT ?"),
      old_(on,
           "SELECT sequence, event, removed FROM audit WHERE sequence > ? AND at < ?"
           " ORDER BY sequence LIMIT ?"),
      remove_(on,
              "UPDATE audit SET result = '', person = '', client = '', request = '',"
              " address = '', detail_json = '', salt = NULL, removed = ?"
              " WHERE sequence = ?"),
      chain_(on,
             "SELECT sequence, at, event, result, member, person, client, request, address,"
             " detail_json, salt, address_digest,"
             " content_digest, previous_hash, hash,"
             " removed FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?"),
      last_(on, "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1"),
      put_checkpoint_(on, "INSERT INTO audit_checkpoint (sequence, signature) VALUES (?,?)"),
      checkpoints_(on, "SELECT sequence, signature FROM audit_checkpoint ORDER BY sequence"),
      pseudonym_(on, "SELECT pseudonym FROM pseudonym WHERE person = ?"),
      put_pseudonym_(on, "INSERT INTO pseudonym (person, pseudonym) VALUES (?,?)"),
      forget_addresses_(on,
                        "UPDATE audit SET address = '', salt = NULL WHERE person ="
                        " (SELECT pseudonym FROM pseudonym WHERE person = ?)"),
      forget_pseudonym_(on, "DELETE FROM pseudonym WHERE person = ?") {}

// The last link is read each time: another process may have appended, and a unit of work that is
// undone takes its records along.
void audit_log::append(const audit_record& r) {
    const auto last = last_link();
    const auto sequence = last ? last->sequence + 1 : 1;
    const auto previous = last && !last->hash.empty() ? last->hash : chain_beginning();
    auto kept = r;
    make_fit(kept);
    if (!r.person.empty()) kept.person = person_id(made_pseudonym_of(r.person));
    const auto salt = random_bytes(salt_size);
    const auto of_address = address_digest(salt, kept.address);
    const auto digest = content_digest(kept, of_address);
    const auto hash = chain_hash(previous, sequence, digest);
    insert_.send(kept.at, kept.event, kept.result, kept.member, kept.person, kept.client,
                 kept.request, kept.address, kept.detail_json, blob{salt}, blob{of_address},
                 blob{digest}, blob{previous}, blob{hash}, sequence);
}

std::optional<audit_link> audit_log::last_link() {
    auto answer = last_.query();
    if (!answer.next()) return std::nullopt;
    audit_link link;
    answer.read(link.sequence, link.hash);
    return link;
}

std::vector<stored_audit_record> audit_log::read(long long after, std::size_t limit) {
    return all_of(after_.query(after, static_cast<long long>(limit)));
}

std::vector<stored_audit_record> audit_log::read_back(long long before, std::size_t limit) {
    return all_of(before_.query(before, static_cast<long long>(limit)));
}

std::vector<stored_audit_record> audit_log::refused_requests(instant since, std::size_t limit) {
    return all_of(refused_.query(since, static_cast<long long>(limit)));
}

// A record's time never lies before that of the one before it by more than a clock is turned, so
// the first that is young enough ends the look.
std::pair<long long, std::size_t> audit_log::remove_content(long long after, std::string_view event,
                                                            instant older_than,
                                                            std::string_view why,
                                                            std::size_t limit) {
    std::vector<long long> going;
    long long last = 0;
    {
        auto answer = old_.query(after, older_than, static_cast<long long>(limit));
        while (answer.next()) {
            std::string kind;
            std::string removed;
            answer.read(last, kind, removed);
            const bool same =
                kind == event || (kind.starts_with(event) && kind.size() > event.size() &&
                                  kind[event.size()] == '.');
            if (removed.empty() && same) going.push_back(last);
        }
    }
    for (const auto sequence : going) remove_.send(why, sequence);
    return {last, going.size()};
}

std::vector<chained_audit_record> audit_log::read_chain(long long after, std::size_t limit) {
    std::vector<chained_audit_record> all;
    auto answer = chain_.query(after, static_cast<long long>(limit));
    while (answer.next()) {
        auto& one = all.emplace_back();
        auto& r = one.record;
        answer.read(one.sequence, r.at, r.event, r.result, r.member, r.person, r.client, r.request,
                    r.address, r.detail_json, one.salt, one.address_digest, one.content_digest,
                    one.previous_hash, one.hash, one.removed);
    }
    return all;
}

void audit_log::put_checkpoint(const audit_checkpoint& one) {
    put_checkpoint_.send(one.sequence, one.signature);
}

std::vector<audit_checkpoint> audit_log::checkpoints() {
    std::vector<audit_checkpoint> all;
    auto answer = checkpoints_.query();
    while (answer.next()) {
        auto& one = all.emplace_back();
        answer.read(one.sequence, one.signature);
    }
    return all;
}

std::string audit_log::pseudonym_of(const person_id& person) {
    std::string name;
    auto answer = pseudonym_.query(person);
    if (answer.next()) answer.read(name);
    return name;
}

std::string audit_log::made_pseudonym_of(const person_id& person) {
    auto name = pseudonym_of(person);
    if (!name.empty()) return name;
    name = hexadecimal(random_bytes(salt_size));
    put_pseudonym_.send(person, name);
    return name;
}

void audit_log::forget_person(const person_id& person) {
    forget_addresses_.send(person);
    forget_pseudonym_.send(person);
}

}  // namespace kommpass::idp::store::sql
