#pragma once

#include "config/vocabulary/clock.hpp"

#include <cstddef>

// What can be done inside one unit of work, by concern: each has a header of its own, with its
// records (persons.hpp, sessions.hpp, ...). All calls are made inside `store::read` or
// `store::write`, on the store's own thread, and are synchronous there. Everything one `write` does
// becomes durable together. Trouble of the engine (disk full, corrupt file) is thrown as
// `engine_failure` and ends the whole unit of work; a caller of `store::write` sees it as
// `store_error`. What only a bug can ask for (a second session with the same id) is thrown as
// `std::invalid_argument`. Tokens, codes and cookies are kept only as their SHA-256 (32 raw bytes).
namespace kommpass::idp::store {

class person_store;          // persons.hpp
class session_store;         // sessions.hpp
class code_store;            // codes.hpp
class token_family_store;    // token_families.hpp
class pushed_request_store;  // pushed_requests.hpp
class replay_store;          // replays.hpp
class consent_store;         // consents.hpp
class audit_log;             // audit_log.hpp
class revision_store;        // revisions.hpp
class campaign_store;        // campaigns.hpp
class idempotency_store;     // idempotent_answers.hpp
class set_up_store;          // set_ups.hpp
class notice_store;          // notices.hpp
class outbox_store;          // outbox.hpp
class lease_store;           // leases.hpp
class device_request_store;  // device_requests.hpp
class opaque_token_store;    // opaque_tokens.hpp

class transaction {
public:
    virtual ~transaction() = default;
    virtual person_store& persons() = 0;
    virtual session_store& sessions() = 0;
    virtual code_store& codes() = 0;
    virtual token_family_store& families() = 0;
    virtual pushed_request_store& pushed_requests() = 0;
    virtual replay_store& replays() = 0;
    virtual consent_store& consents() = 0;
    virtual audit_log& audit() = 0;
    virtual revision_store& revisions() = 0;
    virtual campaign_store& campaigns() = 0;
    virtual idempotency_store& answers() = 0;
    virtual set_up_store& set_ups() = 0;
    virtual notice_store& notices() = 0;
    virtual outbox_store& outbox() = 0;
    virtual lease_store& leases() = 0;
    virtual device_request_store& devices() = 0;
    virtual opaque_token_store& opaque_tokens() = 0;
    // Deletes what expired before `now`, oldest first, but at most some hundred rows of each kind,
    // so that nobody waits long behind it. Returns how many rows went: 0 says that all is swept.
    virtual std::size_t sweep(instant now) = 0;
};

}  // namespace kommpass::idp::store
