#include "directory/diagnosis/tree_checks.hpp"

#include "directory/account_state.hpp"
#include "directory/change_feed.hpp"
#include "directory/diagnosis/password_rules.hpp"
#include "directory/diagnosis/server_lockout.hpp"
#include "directory/member_connections.hpp"
#include "directory/person_entry.hpp"
#include "directory/vendor_profile.hpp"

#include <algorithm>

namespace kommpass::directory::diagnosis {
namespace {

using boost::asio::awaitable;
using std::chrono::microseconds;
using steady = std::chrono::steady_clock;

constexpr std::size_t samples = 5;
constexpr std::size_t most_groups_counted = 100'000;

struct group_kind {
    group_model model;
    std::string_view object_class;
    std::string_view word;  // as `groups` has it
};
constexpr group_kind group_kinds[] = {
    {group_model::group_of_names, "groupOfNames", "group-of-names"},
    {group_model::group_of_unique_names, "groupOfUniqueNames", "group-of-unique-names"},
    {group_model::posix_group, "posixGroup", "posix-group"},
    {group_model::stepwise, "group", "stepwise"},
    {group_model::in_chain, "group", "in-chain"}};

std::string_view word_for(group_model model) {
    for (const auto& one : group_kinds) {
        if (one.model == model) return one.word;
    }
    return {};
}

bool offers(const ldap_entry& root, std::string_view control) {
    const auto& all = root.all("supportedControl");
    return std::find(all.begin(), all.end(), control) != all.end();
}

// How the root DSE gives the product away.
std::optional<directory_vendor> vendor_of(const ldap_entry& root) {
    const auto name = root.shown("vendorName");
    const auto& classes = root.all("objectClass");
    if (!root.all("supportedCapabilities").empty()) return directory_vendor::active_directory;
    if (name.find("389") != std::string::npos) return directory_vendor::ds389;
    if (std::find(classes.begin(), classes.end(), "OpenLDAProotDSE") != classes.end())
        return directory_vendor::openldap;
    return std::nullopt;
}

std::string parent_of(const std::string& dn) {
    bool escaped = false;
    for (std::size_t i = 0; i < dn.size(); ++i) {
        if (escaped)
            escaped = false;
        else if (dn[i] == '\\')
            escaped = true;
        else if (dn[i] == ',')
            return dn.substr(i + 1);
    }
    return {};
}

class checking {
public:
    checking(boost::asio::io_context& io, federation& shared, const member_slug& member,
             const directory_settings& settings, report& said)
        : settings_(std::make_shared<const directory_settings>(settings)),
          connections_(std::make_shared<member_connections>(io, shared, member, settings_)),
          time_(shared.time),
          said_(said) {}
    ~checking() { connections_->stop(); }
    [[nodiscard]] const std::optional<server_lockout>& lockout() const { return lockout_; }
    checking(const checking&) = delete;

    awaitable<void> run() {
        co_await look_at_root();
        if (co_await check_base(settings_->person_base)) {
            co_await time_a_sign_in();
            co_await count_persons();
        }
        const bool same = settings_->group_base == settings_->person_base;
        if (!settings_->group_base.empty() && (same || co_await check_base(settings_->group_base)))
            co_await count_groups();
    }

private:
    awaitable<outcome<ldap_answer>> search(std::string base, int scope, std::string filter,
                                           std::vector<std::string> attributes,
                                           int size_limit = 0) {
        search_request request;
        request.base = std::move(base);
        request.scope = scope;
        request.filter = std::move(filter);
        request.attributes = std::move(attributes);
        request.size_limit = size_limit;
        const auto deadline = steady::now() + settings_->deadline;
        co_return co_await connections_->search(std::move(request), deadline);
    }

    // An entry that nobody showed: whether the server said so, or said nothing.
    awaitable<ldap_entry> read(std::string dn, std::vector<std::string> attributes,
                               std::string* unanswered = nullptr) {
        auto answer = co_await search(std::move(dn), LDAP_SCOPE_BASE, "(objectClass=*)",
                                      std::move(attributes));
        if (!answer && unanswered != nullptr) *unanswered = answer.error().detail;
        if (answer && answer->code == LDAP_REFERRAL) refers_to_ = words_of(*answer);
        if (!answer || answer->code != LDAP_SUCCESS || answer->entries.empty())
            co_return ldap_entry();
        co_return std::move(answer->entries.front());
    }

    awaitable<void> look_at_root() {
        std::string root_dse;
        std::vector<std::string> attributes{"*",
                                            "vendorName",
                                            "vendorVersion",
                                            "namingContexts",
                                            "supportedControl",
                                            "supportedCapabilities",
                                            "currentTime",
                                            "defaultNamingContext"};
        const auto root = co_await read(std::move(root_dse), std::move(attributes));
        for (const auto& one : root.all("namingContexts"))
            contexts_ += (contexts_.empty() ? "" : "; ") + one;
        const auto& profile = profile_of(settings_->vendor);
        const auto seen = vendor_of(root);
        const auto seen_name =
            seen ? std::string(profile_of(*seen).name) : root.shown("vendorName");
        if (!seen || *seen == settings_->vendor)
            said_.add("vendor.seen", {}, seen_name.empty() ? std::string(profile.name) : seen_name);
        else
            said_.add("vendor.differs", {}, seen_name);
        look_at_feed(root, profile.feed);
        if (!root.all("supportedControl").empty() && !offers(root, LDAP_CONTROL_PAGEDRESULTS))
            said_.add("paging.none", {});
        co_await look_at_lockout(root);
        co_await look_at_clock(root);
    }

    void look_at_feed(const ldap_entry& root, change_feed feed) {
        const bool pushes =
            (feed == change_feed::sync && offers(root, LDAP_CONTROL_SYNC)) ||
            (feed == change_feed::persistent_search && offers(root, "2.16.840.1.113730.3.4.3")) ||
            feed == change_feed::usn;
        constexpr std::string_view names[] = {"RFC 4533 (syncrepl)", "persistent search",
                                              "highestCommittedUSN"};
        if (pushes)
            said_.add("watch.push", {}, std::string(names[static_cast<std::size_t>(feed)]));
        else
            said_.add("watch.poll", {});
    }

    awaitable<void> look_at_lockout(const ldap_entry& root) {
        const auto vendor = settings_->vendor;
        constexpr std::string_view ppolicy = "1.3.6.1.4.1.42.2.27.8.5.1";
        std::vector<server_lockout> told;
        const bool has_none = vendor == directory_vendor::openldap && !offers(root, ppolicy);
        if (has_none) {  // without the overlay nothing locks, and no rule holds
            told.emplace_back();
            said_.add("policy.none", {});
        }
        auto domain = root.shown("defaultNamingContext");
        auto places = lockout_places(vendor, root.all("namingContexts"), domain);
        if (has_none) places.clear();
        for (auto& place : places) {
            auto attributes = lockout_attributes(vendor);
            for (auto& one : password_rule_attributes(vendor)) attributes.push_back(std::move(one));
            auto answer = co_await search(std::move(place.base), place.scope,
                                          std::move(place.filter), std::move(attributes));
            if (!answer) continue;
            for (const auto& entry : answer->entries) {
                if (const auto rule = lockout_in(entry, vendor)) told.push_back(*rule);
                auto rules = password_rules_in(entry, vendor);
                if (!rules.empty()) said_.add("policy.seen", entry.dn, std::move(rules));
            }
        }
        judge_lockout(told, *settings_, said_);
        if (!told.empty()) lockout_ = strictest(told);
    }

    awaitable<void> look_at_clock(const ldap_entry& root) {
        auto text = root.shown("currentTime");
        if (text.empty()) {
            std::string monitor = "cn=monitor";
            std::vector<std::string> attributes{"currentTime"};
            const auto entry = co_await read(std::move(monitor), std::move(attributes));
            text = entry.shown("currentTime");
        }
        const auto told = parse_generalized_time(text);
        if (!told) {
            said_.add("clock.untold", {});
            co_return;
        }
        const auto apart =
            std::chrono::abs(std::chrono::duration_cast<std::chrono::seconds>(*told - time_.now()));
        const bool differs = apart > std::chrono::seconds(60);
        said_.add(differs ? "clock.differs" : "clock.right", {},
                  std::to_string(apart.count()) + " s");
    }

    awaitable<bool> check_base(std::string base) {
        const auto began = steady::now();
        std::vector<std::string> nothing{"1.1"};
        auto attributes = nothing;
        refers_to_.clear();
        std::string unanswered;
        const auto entry = co_await read(base, std::move(attributes), &unanswered);
        if (!unanswered.empty()) {
            said_.add("search.unanswered", base, unanswered, since(began));
            co_return false;
        }
        if (!entry.dn.empty()) {
            said_.add("base.readable", base, {}, since(began));
            tell_if_slow(base, began);
            co_return true;
        }
        if (!refers_to_.empty()) {
            said_.add("base.referral", base, refers_to_, since(began));
            co_return false;
        }
        std::string nearest;
        for (auto parent = parent_of(base); !parent.empty() && nearest.empty();
             parent = parent_of(parent)) {
            auto again = nothing;
            const auto found = co_await read(parent, std::move(again));
            nearest = found.dn;
        }
        said_.add("base.missing", base, nearest.empty() ? contexts_ : nearest);
        co_return false;
    }

    awaitable<void> count_persons() {
        const auto began = steady::now();
        search_request request;
        request.base = settings_->person_base;
        request.filter = settings_->person_filter;
        request.attributes = attributes_of_person(*settings_);
        std::size_t count = 0;
        std::size_t without_id = 0;
        std::size_t without_login = 0;
        // Of a page that another one followed: the server gives no more at a time.
        std::size_t page_limit = 0;
        std::size_t last_page = settings_->page_size;
        member_connections::page_handler on_page = [&](std::vector<ldap_entry> page) {
            if (last_page < settings_->page_size) page_limit = last_page;
            last_page = page.size();
            for (const auto& entry : page) {
                if (count++ < samples) show(entry);
                if (id_of(entry, *settings_).empty()) ++without_id;
                if (entry.shown(settings_->login_attributes.front()).empty()) ++without_login;
            }
            return true;
        };
        const auto answer = co_await connections_->for_each_page(
            std::move(request), std::move(on_page), settings_->deadline);
        const auto base = settings_->person_base;
        if (!answer) {
            said_.add("search.unanswered", base, answer.error().detail, since(began));
            co_return;
        }
        if (page_limit > 0) said_.add("paging.limit", base, std::to_string(page_limit));
        const auto number = std::to_string(count);
        if (!answer->unpaged.empty()) said_.add("persons.unpaged", base, answer->unpaged);
        if (answer->cut_off)
            said_.add("persons.cut_off", base, number + ", " + answer->cut_off_by, since(began));
        else if (answer->code != LDAP_SUCCESS)
            said_.add("persons.refused", base, words_of(*answer), since(began));
        else if (count == 0)
            said_.add("persons.none", base, settings_->person_filter, since(began));
        else
            said_.add("persons.counted", base, number, since(began));
        if (answer->elsewhere > 0)
            said_.add("persons.elsewhere", base, std::to_string(answer->elsewhere));
        const auto of_all = " / " + number;
        if (without_id > 0)
            said_.add("id.missing", settings_->id_attribute, std::to_string(without_id) + of_all);
        if (without_login > 0)
            said_.add("login.missing", settings_->login_attributes.front(),
                      std::to_string(without_login) + of_all);
    }

    // What every sign-in begins with: the search for a name, which nobody has here.
    awaitable<void> time_a_sign_in() {
        const auto began = steady::now();
        const auto& login = settings_->login_attributes.front();
        auto filter = "(&" + settings_->person_filter + "(" + login + "=kommpass-niemand))";
        std::vector<std::string> nothing{"1.1"};
        auto base = settings_->person_base;
        auto answer = co_await search(std::move(base), LDAP_SCOPE_SUBTREE, std::move(filter),
                                      std::move(nothing));
        if (!answer)
            said_.add("search.unanswered", settings_->person_base, answer.error().detail,
                      since(began));
        else
            tell_if_slow(login, began);
    }

    void tell_if_slow(const std::string& what, steady::time_point began) {
        const auto took = since(began);
        if (is_slow(took, settings_->deadline))
            said_.add("answer.slow", what, in_milliseconds(took), took);
    }

    void show(const ldap_entry& entry) {
        const auto who = identity_of(entry, member_slug("x"), *settings_);
        if (who)
            said_.add("persons.sample", entry.dn,
                      who->display_name + ", " + who->login_name + ", " + who->mail);
    }

    awaitable<void> count_groups() {
        const auto configured = *settings_->groups;
        for (const auto& kind : group_kinds) {
            const bool is_ad = settings_->vendor == directory_vendor::active_directory;
            if (is_ad && kind.model != configured) continue;
            const auto began = steady::now();
            search_request request;
            request.base = settings_->group_base;
            request.filter = "(objectClass=" + std::string(kind.object_class) + ")";
            request.attributes = {"1.1"};
            std::size_t count = 0;
            member_connections::page_handler on_page = [&](std::vector<ldap_entry> page) {
                count += page.size();
                return count < most_groups_counted;
            };
            const auto answer = co_await connections_->for_each_page(
                std::move(request), std::move(on_page), settings_->deadline);
            if (!answer) continue;
            const std::string word(word_for(kind.model));
            const auto said = std::to_string(count) + " (" + word + ")";
            const auto& base = settings_->group_base;
            if (kind.model == configured && answer->code == LDAP_SUCCESS && answer->cut_off)
                said_.add("groups.cut_off", base, said + ", " + answer->cut_off_by, since(began));
            else if (kind.model == configured)
                said_.add(count > 0 ? "groups.counted" : "groups.none", base,
                          count > 0 ? said : word, since(began));
            else if (count > 0)
                said_.add("groups.other_model", base, said, since(began));
        }
    }

    static microseconds since(steady::time_point began) {
        return std::chrono::duration_cast<microseconds>(steady::now() - began);
    }

    std::shared_ptr<const directory_settings> settings_;
    std::shared_ptr<member_connections> connections_;
    const clock& time_;
    report& said_;
    std::optional<server_lockout> lockout_;
    std::string refers_to_;  // where the server sent us with the entry that was read last
    std::string contexts_;   // what the server holds, as its root DSE says
};

}  // namespace

awaitable<std::optional<server_lockout>> check_tree(boost::asio::io_context& io, federation& shared,
                                                    const member_slug& member,
                                                    const directory_settings& settings,
                                                    report& said) {
    checking all(io, shared, member, settings, said);
    co_await all.run();
    co_return all.lockout();
}

}  // namespace kommpass::directory::diagnosis
