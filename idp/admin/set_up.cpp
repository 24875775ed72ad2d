#include "idp/admin/set_up.hpp"

#include "config/vocabulary/distinguished_name.hpp"
#include "directory/diagnosis/server_lockout.hpp"
#include "idp/admin/actor.hpp"
#include "idp/admin/directory_approval.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/rights.hpp"
#include "idp/registry/directories_of.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/set_ups.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "policies/grammar.hpp"
#include "policies/registry_files.hpp"
#include "policies/validation.hpp"

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;

constexpr std::size_t longest_text = 1024;
constexpr std::size_t longest_certificate = 16 * 1024;
constexpr std::size_t most_servers = 5;
constexpr std::size_t highest_threshold = 1000;
constexpr std::chrono::minutes longest_window = std::chrono::hours(24);

// Where files lie on the service's machine is nobody's business but the operator's.
policies::member without_files(policies::member one) {
    auto& d = one.directory;
    for (auto* file : {&d.bind_password_file, &d.bind_password_env, &d.client_key_file,
                       &d.client_certificate_file, &d.ca_file})
        file->clear();
    return one;
}

std::vector<std::string> lines_between(const policies::member& was, const policies::member& is) {
    policies::registry before;
    policies::registry after;
    before.members.emplace(was.slug, without_files(was));
    after.members.emplace(is.slug, without_files(is));
    return policies::difference(before, after);
}

set_up_view view_of(const policies::member& in_force, policies::member draft,
                    const std::optional<store::set_up>& kept) {
    set_up_view view;
    const auto& d = draft.directory;
    view.has_password = !d.bind_password_sealed.empty() || !d.bind_password_file.empty() ||
                        !d.bind_password_env.empty();
    view.draft = std::move(draft);
    view.in_force = in_force;
    view.changes = lines_between(in_force, view.draft);
    if (kept) {
        view.tested_at = kept->tested_at;
        view.changed_at = kept->changed_at;
        view.asked_by = kept->asked_by;
        view.asked_at = kept->asked_at;
        view.asked_why = kept->asked_why;
        view.asked_centrally = kept->asked_centrally;
    }
    view.version = version_of_change(view);
    return view;
}

std::string directory_url(std::string text, directory_transport transport) {
    if (text.find("://") != std::string::npos) return text;
    const bool ldaps = transport == directory_transport::ldaps;
    const bool has_port = text.find(':') != std::string::npos;
    return (ldaps ? "ldaps://" : "ldap://") + text + (has_port ? "" : ldaps ? ":636" : ":389");
}

std::optional<refusal> wrong_name(const char* field, const std::optional<std::string>& dn) {
    if (!dn || dn->empty()) return std::nullopt;
    if (dn->size() > longest_text) return invalid(field, "too_long");
    if (!distinguished_name::parse(*dn)) return invalid(field, "must_be_dn");
    return std::nullopt;
}

std::optional<refusal> wrong_entries(const set_up_entries& given) {
    if (given.urls) {
        if (given.urls->empty()) return invalid("urls", "address_missing");
        if (given.urls->size() > most_servers) return invalid("urls", "too_many_servers");
    }
    if (given.transport == directory_transport::plain) return invalid("transport", "plain_text");
    for (const auto& [field, dn] : {std::pair{"bind_dn", &given.bind_dn},
                                    {"person_base", &given.person_base},
                                    {"group_base", &given.group_base}}) {
        if (auto no = wrong_name(field, *dn)) return no;
    }
    if (given.person_filter && !given.person_filter->empty() &&
        (given.person_filter->size() > longest_text ||
         !policies::grammar::is_filter(*given.person_filter)))
        return invalid("person_filter", "must_be_filter");
    if (given.login_attributes) {
        for (const auto& one : *given.login_attributes) {
            if (!policies::grammar::is_attribute(one))
                return invalid("login_attributes", "must_be_attribute");
        }
    }
    const auto& certificate = given.ca_certificate;
    if (certificate && !certificate->empty() &&
        (certificate->size() > longest_certificate ||
         !certificate->starts_with("-----BEGIN CERTIFICATE-----\n")))
        return invalid("ca_certificate", "must_be_certificate");
    if (given.bind_password && given.bind_password->reveal().size() > longest_text)
        return invalid("bind_password", "too_long");
    if (given.lockout_threshold &&
        (*given.lockout_threshold == 1 || *given.lockout_threshold > highest_threshold))
        return invalid("lockout_threshold", "must_be_threshold");
    if (given.lockout_window &&
        (*given.lockout_window < std::chrono::minutes(1) || *given.lockout_window > longest_window))
        return invalid("lockout_window", "must_be_window");
    if (given.help_contact && given.help_contact->size() > 300)
        return invalid("help_contact", "too_long");
    return std::nullopt;
}

// The password goes where it was entered for, and nowhere else.
void forget_password(directory_settings& d) {
    d.bind_password_sealed.clear();
    d.bind_password_file.clear();
    d.bind_password_env.clear();
}

std::optional<refusal> take_place(const set_up_entries& given, directory_settings& d) {
    const auto before = d;
    if (given.transport) d.transport = *given.transport;
    if (given.urls) {
        d.urls.clear();
        for (const auto& one : *given.urls) {
            auto url = directory_url(one, d.transport);
            const auto parsed = policies::grammar::parse_directory_url(url);
            if (!parsed.valid) return invalid("urls", "must_be_address", {one});
            if (parsed.ldaps != (d.transport == directory_transport::ldaps))
                return invalid("transport", "transport_differs", {url});
            d.urls.push_back(std::move(url));
        }
    }
    if (given.ca_certificate) {
        d.ca_certificate = *given.ca_certificate;
        d.ca_file.clear();
    }
    const bool elsewhere = d.urls != before.urls || d.transport != before.transport ||
                           d.ca_certificate != before.ca_certificate || d.ca_file != before.ca_file;
    if (!elsewhere) return std::nullopt;
    if (d.transport == directory_transport::plain) return invalid("transport", "plain_text");
    forget_password(d);
    // A certificate was confirmed for the server that showed it.
    if (d.urls != before.urls && !given.ca_certificate) d.ca_certificate.clear();
    d.client_certificate_file.clear();
    d.client_key_file.clear();
    return std::nullopt;
}

void take_rest(const set_up_entries& given, const jose::key_ring& keys, policies::member& draft) {
    auto& d = draft.directory;
    const auto take = [](const auto& from, auto& into) {
        if (from) into = *from;
    };
    if (given.vendor && *given.vendor != d.vendor) {
        d.vendor = *given.vendor;
        d.groups.reset();
        d.member_of = false;
    }
    if (given.bind_dn && *given.bind_dn != d.bind_dn) forget_password(d);
    take(given.bind_dn, d.bind_dn);
    if (given.bind_password && !given.bind_password->empty()) {
        forget_password(d);
        d.bind_password_sealed =
            registry::sealed_directory_password(keys, draft.slug, given.bind_password->reveal());
    }
    take(given.person_base, d.person_base);
    take(given.person_filter, d.person_filter);
    take(given.login_attributes, d.login_attributes);
    take(given.group_base, d.group_base);
    if (given.groups) d.groups = *given.groups;
    take(given.member_of, d.member_of);
    take(given.lockout_threshold, d.lockout_threshold);
    take(given.lockout_window, d.lockout_window);
    take(given.help_contact, draft.help_contact);
}

awaitable<answer<std::optional<store::set_up>>> kept_of(operation_context& at, member_slug member) {
    auto read = [member](store::transaction& t) { return t.set_ups().find(member); };
    auto kept = co_await at.memory.read(read);
    if (!kept) co_return store_silent();
    co_return std::move(*kept);
}

std::optional<refusal> wrong_member(operation_context& at, const actor& who,
                                    const member_slug& member) {
    if (at.registry.get()->find_member(member) == nullptr ||
        !who.may(operation::set_up_directory, member))
        return no_such_thing();
    return std::nullopt;
}

}  // namespace

bool adopt_lockout(const directory::diagnosis::server_lockout& theirs, directory_settings& ours) {
    if (theirs.threshold < 2) return false;
    const auto before = std::pair(ours.lockout_threshold, ours.lockout_window);
    if (ours.lockout_threshold == 0 || ours.lockout_threshold > theirs.threshold)
        ours.lockout_threshold = theirs.threshold;
    const auto window = theirs.window.value_or(longest_window);
    if (window > ours.lockout_window)
        ours.lockout_window = std::min<std::chrono::seconds>(window, longest_window);
    return before != std::pair(ours.lockout_threshold, ours.lockout_window);
}

std::string draft_text(const policies::member& draft) {
    policies::registry alone;
    alone.members.emplace(draft.slug, draft);
    return policies::to_json(alone);
}

std::optional<policies::member> draft_from(const std::string& text) {
    auto read = policies::from_json(text);
    if (!read || read->members.size() != 1) return std::nullopt;
    return std::move(read->members.begin()->second);
}

awaitable<answer<set_up_view>> look_at_set_up(operation_context& at, const actor& who,
                                              member_slug member) {
    if (auto no = wrong_member(at, who, member)) co_return *std::move(no);
    auto kept = co_await kept_of(at, member);
    if (!kept) co_return kept.error();
    const auto registry = at.registry.get();
    auto draft = *kept ? draft_from((*kept)->document) : std::nullopt;
    const auto& in_force = *registry->find_member(member);
    if (!draft) draft = in_force;
    co_return view_of(in_force, std::move(*draft), *kept);
}

awaitable<answer<set_up_view>> continue_set_up(operation_context& at, const actor& who,
                                               const jose::key_ring& keys, member_slug member,
                                               set_up_entries given) {
    auto view = co_await look_at_set_up(at, who, member);
    if (!view) co_return view.error();
    if (who.is_invited() && at.registry.get()->find_active_member(member) != nullptr)
        co_return forbidden("invitation_over");
    if (auto no = wrong_entries(given)) co_return *std::move(no);
    if (auto no = take_place(given, view->draft.directory)) co_return *std::move(no);
    take_rest(given, keys, view->draft);
    const store::set_up kept{member, draft_text(view->draft), {}, who.id(), at.time.now()};
    auto write = [&kept](store::transaction& t) { t.set_ups().put(kept); };
    const auto written = co_await at.memory.write(write);
    if (!written) co_return store_silent();
    co_return view_of(view->in_force, std::move(view->draft), kept);
}

awaitable<answer<bool>> give_up_set_up(operation_context& at, const actor& who,
                                       member_slug member) {
    if (auto no = wrong_member(at, who, member)) co_return *std::move(no);
    const auto kept = co_await kept_of(at, member);
    if (!kept) co_return kept.error();
    std::vector<store::audit_record> records;
    if (*kept && !(*kept)->asked_by.empty())
        records.push_back(refusal_of_change(at, who, member, (*kept)->asked_by));
    auto write = [&](store::transaction& t) {
        t.set_ups().remove(member);
        for (const auto& one : records) t.audit().append(one);
    };
    const auto written = co_await at.memory.write(write);
    if (!written) co_return store_silent();
    co_return true;
}

}  // namespace kommpass::idp::admin
