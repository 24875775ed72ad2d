#pragma once

#include "idp/store/records.hpp"

#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// The store's contract, by concern. All calls are made inside `store::read` or `store::write`, on
// the store's own thread, and are synchronous there. Everything one `write` does becomes durable
// together. Trouble of the engine (disk full, corrupt file) is thrown as `engine_failure` and ends
// the whole unit of work; a caller of `store::write` sees it as `store_error`. What only a bug can
// ask for (a second session with the same id) is thrown as `std::invalid_argument`.
namespace kommpass::idp::store {

class person_store {
public:
    virtual ~person_store() = default;
    // The person tied to this directory entry; made with `candidate` as id if new.
    virtual person ensure(const member_slug&, const directory_id&, const person_id& candidate,
                          instant now) = 0;
    virtual std::optional<person> find(const person_id&) = 0;
    virtual std::optional<person> find(const member_slug&, const directory_id&) = 0;
    virtual std::vector<person> of_member(const member_slug&) = 0;
    // Persons of this member with a session or a refresh token that is still good.
    virtual std::vector<person> with_live_access(const member_slug&, instant now) = 0;
    virtual std::vector<member_slug> members_with_live_access(instant now) = 0;
    // Replaces what was remembered of these attributes.
    virtual void remember_ties(const person_id&, const std::vector<person_tie>&) = 0;
    virtual std::vector<std::pair<person_id, std::string>> ties_of_member(
        const member_slug&, std::string_view attribute) = 0;
    // Deletes the person with sessions, codes, tokens, consents and ties; not their audit records.
    virtual void erase(const person_id&) = 0;
    // Ties the person, their sessions, codes and refresh tokens to another entry. False if that
    // entry is somebody else's.
    virtual bool retie(const person_id&, const directory_id&) = 0;
};

class session_store {
public:
    virtual ~session_store() = default;
    virtual void put(const session&) = 0;
    virtual std::optional<session> find_by_secret(std::string_view secret_hash) = 0;
    virtual std::optional<session> find(std::string_view id) = 0;
    virtual std::vector<session> of_person(const person_id&) = 0;
    virtual void touch(std::string_view id, instant last_used_at) = 0;
    // After a re-authentication or a fresh look at the directory: replaces everything but id and
    // created_at.
    virtual void update(const session&) = 0;
    // False if there was none.
    virtual bool end(std::string_view id) = 0;
    // Returns the ids of the ended sessions.
    virtual std::vector<std::string> end_all_of(const person_id&) = 0;
    // Remembers that this client got tokens under this session (for logout), and tells which did.
    virtual void add_client(std::string_view id, const client_id&) = 0;
    virtual std::vector<client_id> clients_of(std::string_view id) = 0;
};

struct code_replayed {
    std::string family;
};                       // revoke it
struct code_unknown {};  // also: expired
class code_store {
public:
    virtual ~code_store() = default;
    virtual void put(const issued_code&) = 0;
    // Takes the code out, once. Every later call finds `code_replayed`, until the code would have
    // expired for good.
    virtual std::variant<issued_code, code_replayed, code_unknown> redeem(
        std::string_view code_hash, instant now) = 0;
};

class token_family_store {
public:
    virtual ~token_family_store() = default;
    virtual void put(const token_family&) = 0;
    virtual std::optional<token_family> find(std::string_view family) = 0;
    // Moves current to previous. False, and no change, if `expected_current` is not the current
    // hash, or the family is revoked: another request was quicker.
    virtual bool rotate(std::string_view family, std::string_view expected_current,
                        std::string_view next, const std::string& identity_json, instant now) = 0;
    virtual void revoke(std::string_view family) = 0;
    // Spares families with the scope offline_access: those lose only their tie to the session.
    virtual void revoke_of_session(std::string_view session) = 0;
    virtual void revoke_of_person(const person_id&) = 0;
    virtual std::vector<token_family> of_person(const person_id&) = 0;
    // A single access token, by its jti, until it would have expired.
    virtual void revoke_access_token(std::string_view jti, instant expires_at) = 0;
    virtual bool access_token_revoked(std::string_view jti) = 0;
};

class replay_store {
public:
    virtual ~replay_store() = default;
    // True the first time; false while the id is remembered. `scope` keeps kinds and clients apart.
    virtual bool first_use(std::string_view scope, std::string_view id, instant forget_after) = 0;
};

class consent_store {
public:
    virtual ~consent_store() = default;
    virtual void put(const consent&) = 0;
    virtual std::optional<consent> find(const person_id&, const client_id&) = 0;
    virtual std::vector<consent> of_person(const person_id&) = 0;
    virtual void withdraw(const person_id&, const client_id&) = 0;
};

class audit_log {
public:
    virtual ~audit_log() = default;
    virtual void append(const audit_record&) = 0;
    // In order of sequence, from `after` (exclusive), at most `limit`.
    // `person` is empty where nobody knows any more whose pseudonym it is.
    virtual std::vector<stored_audit_record> read(long long after, std::size_t limit) = 0;
    // The same backwards: those before `before` (exclusive), newest first.
    virtual std::vector<stored_audit_record> read_back(long long before, std::size_t limit) = 0;
    // Requests for a role that were refused since then, newest first.
    virtual std::vector<stored_audit_record> refused_requests(instant since, std::size_t limit) = 0;
    // Takes the content out of records from before `older_than` whose event is `event` or begins
    // with it and a dot, beginning behind sequence `after`, and says why. The chain stays whole.
    // Looks at no more than `limit` records; gives the sequence of the last it looked at (0: there
    // was none), and how many it emptied.
    virtual std::pair<long long, std::size_t> remove_content(long long after,
                                                             std::string_view event,
                                                             instant older_than,
                                                             std::string_view why,
                                                             std::size_t limit) = 0;
    virtual std::vector<chained_audit_record> read_chain(long long after, std::size_t limit) = 0;
    virtual std::optional<audit_link> last_link() = 0;
    virtual void put_checkpoint(const audit_checkpoint&) = 0;
    virtual std::vector<audit_checkpoint> checkpoints() = 0;
    // Empty for a person who stands nowhere in the log.
    virtual std::string pseudonym_of(const person_id&) = 0;
    // Nobody knows any more who the person's pseudonym was, nor from which addresses they came. The
    // chain stays whole.
    virtual void forget_person(const person_id&) = 0;
};

class revision_store {
public:
    virtual ~revision_store() = default;
    virtual std::optional<registry_revision> latest() = 0;
    // Cheap enough to ask every second whether somebody else applied a revision; 0: there is none.
    virtual long long latest_number() = 0;
    virtual std::optional<registry_revision> find(long long number) = 0;
    // Newest first, without their documents.
    virtual std::vector<registry_revision> history(std::size_t limit) = 0;
    // Appends as number `expected_latest + 1`; nothing if somebody else was quicker.
    virtual std::optional<long long> append(long long expected_latest,
                                            const registry_revision&) = 0;
    // Notes that `revision` made these documents what they are.
    virtual void note_documents(long long revision, const std::vector<revision_document>&) = 0;
    virtual std::vector<revision_document> documents_of(long long revision) = 0;
    // The last revision below `before` that changed this document.
    virtual std::optional<long long> last_change_before(long long before,
                                                        std::string_view document) = 0;
    // The last revision of each document.
    virtual std::vector<document_author> authors() = 0;
    // Newest first, from before `before` (exclusive), without their documents.
    virtual std::vector<registry_revision> history_before(long long before, std::size_t limit) = 0;
};

class campaign_store {
public:
    virtual ~campaign_store() = default;
    virtual void put(const campaign&, const std::vector<campaign_item>&) = 0;
    virtual std::optional<campaign> find(std::string_view id) = 0;
    virtual std::vector<campaign> all() = 0;  // newest first
    virtual std::vector<campaign_progress> progress(std::string_view id) = 0;
    // In order of number, from `after` (exclusive).
    virtual std::vector<campaign_item> items(std::string_view id, const member_slug&,
                                             long long after, std::size_t limit) = 0;
    virtual std::optional<campaign_item> item(long long number) = 0;
    virtual std::vector<campaign_item> unanswered(std::string_view id) = 0;
    // False, and no change, if it has an answer already.
    virtual bool answer(long long number, std::string_view answer, std::string_view by,
                        instant at) = 0;
    virtual void close(std::string_view id, instant at) = 0;
    virtual void erase_person(const person_id&) = 0;
};

class idempotency_store {
public:
    virtual ~idempotency_store() = default;
    virtual std::optional<idempotent_answer> find(std::string_view actor, std::string_view key) = 0;
    virtual void put(const idempotent_answer&) = 0;
};

class set_up_store {
public:
    virtual ~set_up_store() = default;
    virtual std::optional<set_up> find(const member_slug&) = 0;
    virtual void put(const set_up&) = 0;  // replaces what there was
    virtual void remove(const member_slug&) = 0;
};

// Which notices were sent, so that each is sent once. Keys hold ids, no names and no addresses.
class notice_store {
public:
    virtual ~notice_store() = default;
    // Those of the keys that were not.
    virtual std::vector<std::string> unsent(const std::vector<std::string>& keys) = 0;
    virtual void mark_sent(const std::vector<std::string>& keys, instant forget_after) = 0;
};

class transaction {
public:
    virtual ~transaction() = default;
    virtual person_store& persons() = 0;
    virtual session_store& sessions() = 0;
    virtual code_store& codes() = 0;
    virtual token_family_store& families() = 0;
    virtual replay_store& replays() = 0;
    virtual consent_store& consents() = 0;
    virtual audit_log& audit() = 0;
    virtual revision_store& revisions() = 0;
    virtual campaign_store& campaigns() = 0;
    virtual idempotency_store& answers() = 0;
    virtual set_up_store& set_ups() = 0;
    virtual notice_store& notices() = 0;
    // Deletes what expired before `now`, oldest first, but at most some hundred rows of each kind,
    // so that nobody waits long behind it. Returns how many rows went: 0 says that all is swept.
    virtual std::size_t sweep(instant now) = 0;
};

}  // namespace kommpass::idp::store
