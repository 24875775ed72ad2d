#pragma once

#include "idp/http/message.hpp"
#include "idp/provider.hpp"
#include "idp/sessions/browser.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

// The single sign-on session: found by its cookie, begun at a sign-in, ended at a sign-out.
namespace kommpass::idp::sessions {

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

// The live session of this browser with what the directory says now. Nothing if there is none, or
// it is over, or the person has left the directory (then it and everything of that person is ended
// here).
[[nodiscard]] boost::asio::awaitable<result<std::optional<signed_in>, store::store_error>>
find_signed_in(provider&, const http::request&, const browser&);

// A new session for a person who has just signed in; not stored yet.
[[nodiscard]] signed_in make_signed_in(provider&, const http::request&, identity who,
                                       std::string previous_session);

// Inside a unit of work: stores the new session, ties the person, records the sign-in. Fills
// `session.person`.
void begin_session(store::transaction&, signed_in&, const person_id& candidate,
                   const store::audit_record&);
// Inside a unit of work: notes the use of an existing session, at most once a minute, and what the
// directory said.
void note_use(store::transaction&, const signed_in&, instant now);
// Inside a unit of work: ends the session and revokes what was given under it, but for offline
// access.
void end_session(store::transaction&, const store::session&, store::audit_record);

}  // namespace kommpass::idp::sessions
