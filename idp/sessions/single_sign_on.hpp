#pragma once

#include "config/vocabulary/identity.hpp"
#include "config/vocabulary/result.hpp"
#include "idp/sessions/current_identity.hpp"
#include "idp/store/person_tie.hpp"
#include "idp/store/sessions.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kommpass::idp::http {
struct request;
}

namespace kommpass {
class clock;
class randomness;
}  // namespace kommpass
namespace kommpass::config {
struct session_settings;
}
namespace kommpass::idp::audit {
class recorder;
}
namespace kommpass::idp::jose {
class key_ring;
}
namespace kommpass::idp::store {
struct audit_record;
class store;
enum class store_error;
class transaction;
}  // namespace kommpass::idp::store

// The single sign-on session: found by its cookie, begun at a sign-in, ended at a sign-out.
namespace kommpass::idp::sessions {

struct browser;

// A person who has proven who they are.
struct signed_in {
    store::session session;
    identity who;
    // Set for a sign-in of this very moment, whose session is not in the store yet: the cookie's
    // new value.
    std::string new_secret;
    // The session that this browser had before, if any: taken over for the same person, ended for
    // another.
    std::string previous_session;
    std::vector<store::person_tie> ties;  // of a sign-in of this moment
    bool from_memory = false;  // the directory did not answer; `who` is what it said last

    [[nodiscard]] bool is_new() const noexcept { return !new_secret.empty(); }
};

// One I/O thread only, that of `identities` and `recorder`; what it refers to outlives it.
class single_sign_on {
public:
    single_sign_on(const config::session_settings& limits, const clock& time, randomness& random,
                   store::store& memory, const live<jose::key_ring>& keys,
                   current_identities& identities, audit::recorder& recorder)
        : limits_(limits),
          time_(time),
          random_(random),
          memory_(memory),
          keys_(keys),
          identities_(identities),
          recorder_(recorder) {}

    using found = result<std::optional<signed_in>, store::store_error>;
    // The live session of this browser with what the directory says now. Nothing if there is none,
    // or it is over, or the person has left the directory (then it and everything of that person is
    // ended here).
    [[nodiscard]] boost::asio::awaitable<found> find(const http::request&, const browser&);

    // A new session for a person who has just signed in by these factors (`amr`, RFC 8176); not
    // stored yet.
    [[nodiscard]] signed_in make(const http::request&, identity who, std::string previous_session,
                                 std::vector<std::string> amr);

    // Stores a new session by itself, with the record of its sign-in; for a sign-in that waits for
    // more before it leads to anything. False if the store does not answer. `client`: for whom the
    // person signed in; may be empty.
    [[nodiscard]] boost::asio::awaitable<bool> settle(const http::request&, signed_in&,
                                                      client_id client);

private:
    [[nodiscard]] boost::asio::awaitable<void> end_everything_of(const http::request&,
                                                                 const store::session&);

    const config::session_settings& limits_;
    const clock& time_;
    randomness& random_;
    store::store& memory_;
    const live<jose::key_ring>& keys_;
    current_identities& identities_;
    audit::recorder& recorder_;
};

// Inside a unit of work: stores the new session, ties the person, records the sign-in. Fills
// `session.person`.
void begin_session(store::transaction&, signed_in&, const jose::key_ring&,
                   const store::audit_record&);
// True behind its last day, or when it was not used for too long.
[[nodiscard]] bool is_over(const store::session&, const config::session_settings&, instant now);
// True a minute after its use was noted last.
[[nodiscard]] bool is_use_due(const store::session&, instant now);
// Inside a unit of work: notes the use of an existing session, at most once a minute, and what the
// directory said.
void note_use(store::transaction&, const signed_in&, instant now);

}  // namespace kommpass::idp::sessions
