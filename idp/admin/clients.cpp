#include "idp/admin/clients.hpp"

#include "config/vocabulary/randomness.hpp"
#include "idp/admin/actor.hpp"
#include "idp/admin/newest_first.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/registry_change.hpp"
#include "idp/admin/rights.hpp"
#include "idp/admin/seen_documents.hpp"
#include "idp/audit/events.hpp"
#include "idp/jose/hash.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;
using policies::grant_state;

constexpr std::size_t most_failures = 100;

policies::client* find(policies::registry& all, const application_key& key, const client_id& id) {
    const auto owner = all.applications.find(key);
    if (owner == all.applications.end()) return nullptr;
    for (auto& one : owner->second.clients) {
        if (one.id == id) return &one;
    }
    return nullptr;
}

// Whose client it is not learns nothing of it, whatever else may be wrong.
std::optional<refusal> judge_operator(const actor& who, const policies::registry& all,
                                      const application_key& key) {
    const auto owner = all.applications.find(key);
    if (owner == all.applications.end()) return no_such_thing();
    const bool may =
        may_change_clients(who, owner->second) || who.may_everywhere(operation::change_application);
    return may ? std::nullopt : std::optional(forbidden("association_only"));
}

// `who` outlives it.
registry_change change_of(const actor& who, const application_key& key, std::string why,
                          std::function<std::optional<refusal>(policies::registry&)> edit_client) {
    auto edit = [&who, key, edit_client = std::move(edit_client)](
                    policies::registry& all) -> std::optional<refusal> {
        if (auto no = judge_operator(who, all, key)) return no;
        return edit_client(all);
    };
    registry_change change;
    change.why = std::move(why);
    change.touches = touched(policies::document_kind::application, key.str());
    change.edit = std::move(edit);
    return change;
}

std::string document_of(const application_key& key, const client_id& id) {
    return "applications/" + key.str() + "/clients/" + id.str();
}

bool uses_secret(const policies::client& one) {
    using policies::client_authentication;
    return one.authentication == client_authentication::client_secret_basic ||
           one.authentication == client_authentication::client_secret_post;
}

store::audit_record secret_record(const operation_context& at, const actor& who,
                                  const client_id& client, std::string_view what) {
    auto record = record_of(at, who.id(), audit::event::client_secret_changed, what);
    record.person = who.person();
    record.member = who.member();
    record.client = client;
    return record;
}

std::string description_in(const std::string& detail) {
    boost::system::error_code wrong;
    const auto parsed = boost::json::parse(detail.empty() ? "{}" : detail, wrong);
    const auto* object = wrong ? nullptr : parsed.if_object();
    const auto* text = object == nullptr ? nullptr : object->if_contains("description");
    return text != nullptr && text->is_string() ? std::string(text->get_string()) : std::string();
}

bool is_failure(const store::audit_record& one) {
    return one.event == "token.refused" || one.event == "authorization.refused" ||
           one.event == "code.replayed" || one.event == "refresh_token.reuse_detected";
}

}  // namespace

bool may_change_clients(const actor& who, const policies::application& of) noexcept {
    if (who.may_everywhere(operation::change_client)) return true;
    return !of.operated_by.empty() && who.may(operation::change_client, of.operated_by);
}

bool may_see_failures(const actor& who, const policies::application& of) noexcept {
    if (who.may_everywhere(operation::see_client_failures)) return true;
    return !of.operated_by.empty() && who.may(operation::see_client_failures, of.operated_by);
}

answer<seen_client> find_client(const operation_context& at, const actor& who,
                                const application_key& key, const client_id& id) {
    auto owner = find_application(at, who, key);
    if (!owner) return owner.error();
    seen_client made{std::move(owner->registry), owner->document, nullptr};
    if (id.empty()) {
        if (!may_change_clients(who, *made.owner)) return no_such_thing();
        return made;
    }
    for (const auto& one : made.owner->clients) {
        if (one.id == id) made.document = &one;
    }
    if (made.document == nullptr) return no_such_thing();
    return made;
}

awaitable<answer<long long>> put_client(operation_context& at, const actor& who,
                                        application_key key, policies::client wanted,
                                        std::string why, std::optional<long long> expected,
                                        bool new_subjects) {
    auto edit = [&](policies::registry& all) -> std::optional<refusal> {
        const auto owner = all.applications.find(key);
        if (owner == all.applications.end()) return no_such_thing();
        auto made = wanted;
        auto* known = find(all, key, wanted.id);
        if (known != nullptr) {
            // Secrets and approval have operations of their own.
            made.secret_sha256 =
                uses_secret(made) ? known->secret_sha256 : std::vector<std::string>();
            made.state = known->state;
            // What waits is asked for by whoever made it what it is.
            const bool waits = known->state == grant_state::requested;
            made.asked_by = waits ? who.id() : known->asked_by;
            made.asked_on = waits ? std::optional(at.today()) : known->asked_on;
            made.approved_by = known->approved_by;
            made.approved_on = known->approved_on;
            *known = std::move(made);
            return std::nullopt;
        }
        const bool waits = !who.may_everywhere(operation::change_application);
        made.state = waits ? grant_state::requested : grant_state::active;
        made.asked_by = waits ? who.id() : std::string();
        if (waits) made.asked_on = at.today();
        // Nobody knows the secret that belongs to this: `make_client_secret` makes one.
        if (uses_secret(made)) made.secret_sha256 = {jose::sha256_hex(at.random.token(32))};
        owner->second.clients.push_back(std::move(made));
        return std::nullopt;
    };
    auto change = change_of(who, key, std::move(why), std::move(edit));
    change.expected = expected;
    if (new_subjects) change.named.subjects.insert(wanted.id);
    co_return co_await revision_of(at, who, std::move(change));
}

awaitable<answer<long long>> approve_client(operation_context& at, const actor& who,
                                            application_key key, client_id id, std::string why,
                                            shown_digest shown) {
    auto edit = [&](policies::registry& all) -> std::optional<refusal> {
        auto* known = find(all, key, id);
        if (known == nullptr) return no_such_thing();
        if (known->state == grant_state::active) return invalid("client", "approved_already");
        if (known->asked_by == who.id()) return forbidden("own_request");
        known->state = grant_state::active;
        known->approved_by = who.id();
        known->approved_on = at.today();
        return std::nullopt;
    };
    auto change = change_of(who, key, std::move(why), std::move(edit));
    change.decides = decision{document_of(key, id), std::move(shown)};
    co_return co_await revision_of(at, who, std::move(change));
}

awaitable<answer<long long>> remove_client(operation_context& at, const actor& who,
                                           application_key key, client_id id, std::string why,
                                           shown_digest shown) {
    auto edit = [&](policies::registry& all) -> std::optional<refusal> {
        if (find(all, key, id) == nullptr) return no_such_thing();
        std::erase_if(all.applications.at(key).clients,
                      [&](const policies::client& one) { return one.id == id; });
        return std::nullopt;
    };
    auto change = change_of(who, key, std::move(why), std::move(edit));
    change.decides = decision{document_of(key, id), std::move(shown), true};
    co_return co_await revision_of(at, who, std::move(change));
}

awaitable<answer<made_secret>> make_client_secret(operation_context& at, const actor& who,
                                                  application_key key, client_id id,
                                                  std::string why) {
    auto secret = at.random.token(32);
    auto edit = [&](policies::registry& all) -> std::optional<refusal> {
        auto* known = find(all, key, id);
        if (known == nullptr) return no_such_thing();
        if (!uses_secret(*known)) return invalid("client", "has_no_secret");
        auto& hashes = known->secret_sha256;
        hashes.insert(hashes.begin(), jose::sha256_hex(secret));
        if (hashes.size() > 2) hashes.resize(2);
        return std::nullopt;
    };
    auto change = change_of(who, key, std::move(why), std::move(edit));
    change.records.push_back(secret_record(at, who, id, "made"));
    auto revision = co_await revision_of(at, who, std::move(change));
    if (!revision) co_return revision.error();
    co_return made_secret{std::move(secret), *revision};
}

awaitable<answer<long long>> end_old_secret(operation_context& at, const actor& who,
                                            application_key key, client_id id, std::string why) {
    auto edit = [&](policies::registry& all) -> std::optional<refusal> {
        auto* known = find(all, key, id);
        if (known == nullptr) return no_such_thing();
        if (known->secret_sha256.size() < 2) return invalid("client", "has_one_secret");
        known->secret_sha256.resize(1);
        return std::nullopt;
    };
    auto change = change_of(who, key, std::move(why), std::move(edit));
    change.records.push_back(secret_record(at, who, id, "old_ended"));
    co_return co_await revision_of(at, who, std::move(change));
}

awaitable<answer<std::vector<client_failure>>> client_failures(operation_context& at,
                                                               const actor& who,
                                                               application_key key, client_id id) {
    const auto registry = at.registry.get();
    const auto* owner = registry->find_application(key);
    if (owner == nullptr || !may_see_failures(who, *owner)) co_return no_such_thing();
    const bool known = std::any_of(owner->clients.begin(), owner->clients.end(),
                                   [&](const policies::client& one) { return one.id == id; });
    if (!known) co_return no_such_thing();
    std::vector<client_failure> found;
    auto take = [&](store::stored_audit_record& one) {
        const auto& record = one.record;
        if (record.client == id && is_failure(record))
            found.push_back(
                {record.at, record.event, record.result, description_in(record.detail_json)});
        return found.size() == most_failures ? look::enough : look::on;
    };
    const auto last = co_await read_newest_first(at, 0, std::move(take));
    if (!last) co_return last.error();
    co_return found;
}

}  // namespace kommpass::idp::admin
