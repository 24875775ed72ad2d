// What is kept of the honest ones: passwords, documents, persons, sessions, tokens, pages, records.
#include "tests/idp/attacks/invariants.hpp"

#include "config/vocabulary/base64url.hpp"
#include "idp/jose/hash.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/audit_record.hpp"
#include "idp/store/campaigns.hpp"
#include "idp/store/consents.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/set_ups.hpp"
#include "idp/store/store.hpp"
#include "idp/store/token_families.hpp"
#include "idp/store/transaction.hpp"
#include "policies/documents.hpp"
#include "tests/support/administration.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace kommpass::tests::attacks {
namespace {

std::string lower(std::string text) {
    for (auto& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return text;
}

template <class Map, class Key>
auto find(const Map& all, const Key& key) -> const typename Map::mapped_type* {
    const auto found = all.find(key);
    return found == all.end() ? nullptr : &found->second;
}

// What the hostile member's administrators may say of the member itself.
bool is_own_business(policies::member was, const policies::member& is) {
    was.directory = is.directory;
    was.help_contact = is.help_contact;
    return was == is;
}

// Where the hostile member's people are looked up is not for it to say alone.
bool leads_elsewhere(const directory_settings& was, directory_settings is) {
    is.bind_password_sealed = was.bind_password_sealed;
    return !(was == is);
}

// Of an application that the hostile member operates: its clients, nothing else.
bool is_own_business(policies::application was, const policies::application& is) {
    was.clients = is.clients;
    return was.operated_by.view() == hostile_member && was == is;
}

// A document with the hostile member as its owner that names somebody of another member.
bool names_foreign_person(const world& w, const policies::registry& all,
                          const policies::document_change& one) {
    using policies::document_kind;
    if (!one.exists) return false;
    switch (one.kind) {
        case document_kind::grant:
            return w.is_honest_person(all.grants.at(one.key).person.str());
        case document_kind::withdrawal:
            return w.is_honest_person(all.withdrawals.at(one.key).person.str());
        case document_kind::exception:
            return w.is_honest_person(all.exceptions.at(one.key).person.str());
        default:
            return false;
    }
}

bool may_change(const policies::registry& before, const policies::registry& after,
                const policies::document_change& one) {
    using policies::document_kind;
    if (one.kind == document_kind::member) {
        const auto* was = find(before.members, member_slug(one.key));
        const auto* is = find(after.members, member_slug(one.key));
        return one.key == hostile_member && was && is && is_own_business(*was, *is);
    }
    if (one.kind == document_kind::application) {
        const auto* was = find(before.applications, application_key(one.key));
        const auto* is = find(after.applications, application_key(one.key));
        return was && is && is_own_business(*was, *is);
    }
    const bool of_rules = one.kind == document_kind::mapping || one.kind == document_kind::grant ||
                          one.kind == document_kind::withdrawal ||
                          one.kind == document_kind::exception;
    return of_rules && one.member && one.member->view() == hostile_member;
}

}  // namespace

std::span<const exclusion> exclusions() {
    static constexpr std::array<exclusion, 0> all{};  // nothing: each invariant holds
    return all;
}

invariants::invariants(world& w) : world_(w), registry_(w.idp.parts().registry.get()) {
    // Looking signs in at the console, so the pages come first.
    (void)pages_of_the_honest();
    pages_ = pages_of_the_honest();
    kept_ = kept_of_the_honest();
    records_ = w.idp.audit();
    for (const auto& one : w.honest_people) {
        names_[lower(one.user)] = one.user;
        names_[lower(one.user + "@" + one.domain)] = one.user;
        names_[lower(one.id)] = one.user;
        for (const auto& held : one.tokens) {
            names_[lower(held.subject)] = one.user;
            subjects_[held.subject] = one.user;
        }
    }
}

std::vector<breach> invariants::look(acted who) {
    std::vector<breach> found;
    passwords(found);
    if (who == acted::hostile) {
        documents(found);
        things_kept(found);
    } else if (who == acted::led_astray) {
        led_astray(found);
    } else {
        kept_ = kept_of_the_honest();
    }
    registry_ = world_.idp.parts().registry.get();
    browsers(found);
    records(found, who == acted::hostile);
    rights(found);
    parts_played(found);
    what_was_told(found);
    return found;
}

// (a) Whatever came to the hostile directory has none of the others' passwords in it.
void invariants::passwords(std::vector<breach>& found) {
    const auto& reached = world_.directory->reached();
    for (; reached_ < reached.size(); ++reached_) {
        for (const auto& one : world_.honest_people) {
            if (reached[reached_].find(one.password) != std::string::npos)
                found.push_back({"password", one.user + "'s reached the hostile directory"});
        }
    }
}

// (b) What stands in the registry of the others, or of everybody.
void invariants::documents(std::vector<breach>& found) {
    const auto now = world_.idp.parts().registry.get();
    if (now->revision() == registry_->revision()) return;
    const auto& before = registry_->documents();
    const auto& after = now->documents();
    for (const auto& one : policies::changed_documents(before, after)) {
        if (!may_change(before, after, one))
            found.push_back({"registry", one.name() + " changed"});
        else if (one.kind == policies::document_kind::member &&
                 leads_elsewhere(before.members.at(member_slug(hostile_member)).directory,
                                 after.members.at(member_slug(hostile_member)).directory))
            found.push_back({"repointed", "by the hostile member alone"});
        else if (names_foreign_person(world_, after, one))
            found.push_back({"person-of-another", one.name()});
        else if (one.kind == policies::document_kind::application) {
            for (const auto& client : after.applications.at(application_key(one.key)).clients) {
                // A bare login name is nobody's name to an application.
                const auto known = names_.find(lower(client.id.str()));
                if (known != names_.end() && known->first != known->second)
                    found.push_back({"client-name", client.id.str() + " looks like a person"});
            }
        }
    }
}

// (b) Persons, sessions, tokens, set-ups, reviews.
void invariants::things_kept(std::vector<breach>& found) {
    auto now = kept_of_the_honest();
    if (now == kept_) return;
    for (const auto& [key, value] : kept_) {
        if (!now.contains(key))
            found.push_back({"kept", key + " is gone"});
        else if (now[key] != value)
            found.push_back({"kept", key + " was " + value + " and is " + now[key]});
    }
    for (const auto& [key, value] : now) {
        if (!kept_.contains(key)) found.push_back({"kept", key + " is new: " + value});
    }
    kept_ = std::move(now);
}

// (b) A browser that was led somewhere may have looked, and got a token for an application that its
// person uses. Nothing was changed in its person's name.
void invariants::led_astray(std::vector<breach>& found) {
    const auto before = registry_->revision();
    if (world_.idp.parts().registry.get()->revision() != before)
        found.push_back({"led-astray", "the registry changed"});
    auto now = kept_of_the_honest();
    for (const auto& [key, value] : kept_) {
        if (!now.contains(key) || now[key] != value)
            found.push_back({"led-astray", key + " is another, or gone"});
    }
    for (const auto& [key, value] : now) {
        if (!kept_.contains(key) && !key.starts_with("token ") && !key.starts_with("session "))
            found.push_back({"led-astray", key + " is new"});
    }
    kept_ = std::move(now);
}

// (d) An honest person's browser is signed in as nobody else.
void invariants::browsers(std::vector<breach>& found) {
    const auto asked = world_.idp.parts().memory.read_now([&](idp::store::transaction& t) {
        for (const auto& one : world_.honest_people) {
            const auto cookie = one.cookies.find("__Host-kommpass-session");
            if (cookie == one.cookies.end() || cookie->second.empty()) continue;
            const auto session = t.sessions().find_by_secret(idp::jose::sha256(cookie->second));
            if (session && session->person.view() != one.id)
                found.push_back({"browser", one.user + "'s is signed in as somebody else"});
        }
    });
    if (!asked) throw std::runtime_error("the store does not answer");
}

invariants::belongings invariants::kept_of_the_honest() {
    belongings kept;
    const auto asked = world_.idp.parts().memory.read_now([&](idp::store::transaction& t) {
        for (const auto* member : {"lebus", "cottbus", "dikom"}) {
            const member_slug slug(member);
            for (const auto& one : t.persons().of_member(slug)) {
                const auto& id = one.id.str();
                kept["person " + id] = one.directory.str();
                for (const auto& s : t.sessions().of_person(one.id))
                    kept["session " + s.id] = base64url::encode(s.secret_hash) + s.identity_json;
                for (const auto& f : t.families().of_person(one.id)) {
                    // What an application of theirs was given is theirs to give back.
                    if (f.given.client.view() == "verfahren-web") continue;
                    kept["token " + f.given.family] =
                        base64url::encode(f.current_hash) + (f.revoked ? " revoked" : "");
                }
                for (const auto& c : t.consents().of_person(one.id))
                    kept["consent " + id + c.client.str()] = std::to_string(c.scope.size());
            }
            for (const auto* attribute : {"employeenumber", "mail"}) {
                for (const auto& [person, hash] : t.persons().ties_of_member(slug, attribute))
                    kept["tie " + person.str() + attribute] = hash;
            }
            if (const auto found = t.set_ups().find(slug))
                kept["set-up " + std::string(member)] = found->document + found->changed_by;
            for (const auto& campaign : t.campaigns().all()) {
                for (const auto& item : t.campaigns().items(campaign.id, slug, 0, 100)) {
                    const auto number = std::to_string(item.number);
                    kept["review " + campaign.title + number] = item.answer + item.answered_by;
                }
            }
        }
    });
    if (!asked) throw std::runtime_error("the store does not answer");
    for (const auto& one : world_.honest_people) {
        const auto& account = world_.idp.directories.of(one.member, one.user);
        kept["directory " + one.user] = account.password + account.who.mail;
    }
    return kept;
}

// (b) What was recorded stays, and nothing is written into the history of the others.
void invariants::records(std::vector<breach>& found, bool only_hostile) {
    const auto now = world_.idp.audit();
    for (std::size_t i = 0; i < records_.size(); ++i) {
        if (i >= now.size() || !(now[i] == records_[i])) {
            found.push_back({"audit", "record " + std::to_string(records_[i].sequence) +
                                          " is another: " + records_[i].record.event});
            break;
        }
    }
    for (auto i = records_.size(); only_hostile && i < now.size(); ++i) {
        const auto& one = now[i].record;
        // Anybody can try to sign in anywhere, and fail.
        const bool tried = one.event == "sign_in.failure" || one.event == "sign_in.throttled";
        // What an application of theirs does with the token that it was given.
        const auto client = registry_->find_client(one.client.view());
        if (client.owner != nullptr && client.owner->operated_by.view() == hostile_member) continue;
        if (world_.is_honest_person(one.person.str()))
            found.push_back({"audit " + one.event, "names a person of another member"});
        else if (world::is_honest_member(one.member.view()) && !tried)
            found.push_back({"audit " + one.event, "is in the history of " + one.member.str()});
    }
    records_ = now;
}

// What nobody of the hostile member can know was told to none of them.
void invariants::what_was_told(std::vector<breach>& found) {
    for (const auto& one : world_.answers) {
        // Who decides on an agreement is named to those who asked, and who signs in at an
        // application of theirs to that; nobody else is.
        const bool of_application = one.starts_with(R"({"sub")");
        for (const std::string_view word :
             {private_word, "Name von anna.noack", "Name von jan.kowal"}) {
            if (of_application && word != private_word) continue;
            const auto at = one.find(word);
            if (at == std::string::npos) continue;
            found.push_back({"told", one.substr(at < 200 ? 0 : at - 200, 400)});
        }
    }
    world_.answers.clear();
}

}  // namespace kommpass::tests::attacks
