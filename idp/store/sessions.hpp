#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/strong_string.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::store {

// A person's single sign-on session in one browser.
struct session {
    // Public: the `sid` claim, the handle on the "my sessions" page. Best made by new_record_id
    // (record_id.hpp), as `authorization::family` and `person::id` are: that is cheaper to store.
    std::string id;
    std::string secret_hash;  // of the cookie's value
    person_id person;
    member_slug member;
    directory_id directory;
    std::string identity_json;  // what the directory said at the last look; for when it is down
    instant authenticated_at{};
    std::vector<std::string> amr;
    std::string acr;
    instant created_at{};
    instant last_used_at{};
    instant expires_at{};    // absolute
    std::string user_agent;  // bounded to 200 bytes
    std::string address;
    friend bool operator==(const session&, const session&) = default;
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

}  // namespace kommpass::idp::store
