#pragma once

#include "tests/idp/attacks/hostile_directory.hpp"
#include "tests/idp/attacks/page_forms.hpp"
#include "tests/support/test_idp.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

// The world that is attacked: a hostile member, two honest ones and the association, in one whole
// service. What is honest has been at work before: sessions, tokens, grants, a review, a joint
// office, a set-up under way.
namespace kommpass::tests::attacks {

inline constexpr auto hostile_member = "hostil";
inline constexpr auto hostile_domain = "hostil.example";
// Nobody of the hostile member knows these words: where they turn up, something was let out.
inline constexpr auto private_word = "vertraulich-7f3a";

struct tokens_held {
    std::string client;
    std::string access;
    std::string refresh;
    std::string subject;
};

// Somebody of an honest member.
struct honest_person {
    std::string member;
    std::string domain;
    std::string user;
    std::string password;
    std::string id;  // the person id
    cookie_jar cookies;
    std::vector<tokens_held> tokens;
    std::string api;  // an access token for the API; empty: no administrator
};

struct hostile_person {
    std::string user;
    cookie_jar cookies;
    std::string api;
};

// What came out of the service for somebody of the hostile member.
struct played {
    std::string client;
    std::string person;  // of the session, as the store has it
    boost::json::object id_token;
    boost::json::object userinfo;
    boost::json::object introspected;
    std::vector<std::string> roles_elsewhere;
};

// A rule that asks for agreement, as somebody saw it.
struct seen_rule {
    std::string user;
    std::string document;
    std::string content;
    std::string digest;  // empty: what they saw had none
};

// Values that attackers know: everything that has a name, own and foreign.
using pools = std::map<std::string, std::vector<std::string>>;

class world {
public:
    world();

    // The way of a person from an application to its tokens: fills in what the pages ask for.
    // `chosen`: the member that they pick where a page asks. `careful`: an honest person, who types
    // no password beside a name of another member's domain. Empty tokens: it led nowhere.
    tokens_held sign_in(cookie_jar&, const std::string& client, const std::string& user,
                        const std::string& password, const std::string& chosen, const fields& more,
                        bool careful);
    // The same down to what an application's server gets to know. Nothing: it led nowhere.
    std::optional<played> play(hostile_person&, const std::string& client, const std::string& user,
                               const fields& more);
    // The same for an application's own server, without a person.
    std::optional<played> play_machine(const std::string& client);
    void give_api_token(hostile_person&);
    // An access token for the API that is good now.
    const std::string& api_token_of(honest_person&);
    // Remembers what an answer names.
    void learn(const boost::json::value&);
    void learn(const std::string& pool, const std::string& value);
    void learn_documents();  // of the registry as it is now
    const std::vector<std::string>& known(const std::string& pool) { return pools_[pool]; }
    // One of the pool; of what is the hostile member's own while `keeps_to_own`, where there is
    // any. "none" from an empty pool.
    std::string any_known(const std::string& pool, dice&);
    // What the next request is about, whatever else the dice say; empty: anything.
    std::string wanted_id;
    bool seeks_agreement = false;  // it shall hold for others
    // Honest people pick the hostile member: for the proof that their passwords' way is looked at.
    bool careless = false;
    // What one request names is mostly all own, else hardly one is taken; sometimes anything.
    bool keeps_to_own = false;

    [[nodiscard]] visitor browser(cookie_jar& cookies) { return {idp, cookies}; }
    [[nodiscard]] honest_person& honest(const std::string& user);
    [[nodiscard]] bool is_honest_person(const std::string& person) const;
    [[nodiscard]] static bool is_honest_member(std::string_view slug) {
        return !slug.empty() && slug != hostile_member;
    }

    hostile_directory* directory = nullptr;  // of `idp`
    test_idp idp;
    std::vector<honest_person> honest_people;
    std::vector<hostile_person> hostile_people;  // administrators
    std::vector<played> parts_played;            // since the last look
    std::vector<std::string> answers;            // to the hostile ones, since the last look
    std::vector<std::string> story;              // what happened, a line for each step
    // What administrators of honest members agreed to, as they saw it: document and its content.
    std::map<std::string, std::set<std::string>> agreed_to;
    std::vector<seen_rule> looked_at;
    [[nodiscard]] const seen_rule& looked_at_lately(dice& d) const {
        return looked_at[looked_at.size() - 1 -
                         d.below(std::min<std::size_t>(3, looked_at.size()))];
    }

private:
    void add_members();
    void add_people();
    void add_honest_work();
    void know_everything();

    pools pools_;
    long long learnt_revision_ = 0;
};

}  // namespace kommpass::tests::attacks
