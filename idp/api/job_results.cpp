// What long work came to, as JSON.
#include "idp/admin/job_results.hpp"

#include "config/settings.hpp"
#include "idp/admin/shown_document.hpp"
#include "idp/api/handlers.hpp"
#include "idp/api/json_views.hpp"
#include "idp/audit/events.hpp"
#include "idp/jose/algorithm.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/keys/key_rotation.hpp"

namespace kommpass::idp::api {
namespace {

using boost::json::array;
using boost::json::object;
namespace diagnosis = directory::diagnosis;

std::string_view word_for(diagnosis::level how) {
    switch (how) {
        case diagnosis::level::ok:
            return "ok";
        case diagnosis::level::note:
            return "note";
        case diagnosis::level::warning:
            return "warning";
        case diagnosis::level::failure:
            break;
    }
    return "failure";
}

object to_json(const diagnosis::finding& one) {
    object made;
    made["id"] = one.what->id;
    made["level"] = word_for(one.what->level);
    made["subject"] = one.subject;
    made["detail"] = one.detail;
    made["text_de"] = text_of(one, diagnosis::language::de);
    made["text_en"] = text_of(one, diagnosis::language::en);
    made["remedy_de"] = remedy_of(one, diagnosis::language::de);
    made["remedy_en"] = remedy_of(one, diagnosis::language::en);
    made["took_us"] = one.took.count();
    return made;
}

object to_json(const member_slug& member, const diagnosis::report& said) {
    array findings;
    for (const auto& one : said.findings()) findings.push_back(to_json(one));
    object made;
    made["member"] = member.view();
    made["failed"] = said.failed();
    made["findings"] = std::move(findings);
    return made;
}

object to_json(const diagnosis::seen_certificate& one) {
    return object{{"subject", one.subject}, {"issuer", one.issuer},
                  {"from", one.from},       {"until", one.until},
                  {"sha256", one.sha256},   {"is_authority", one.is_authority},
                  {"pem", one.pem}};
}

// Whether everybody came, and if not why; and of whom not all groups came.
void put_extent(object& into, const reading_extent& came) {
    into["complete"] = came.everybody();
    if (!came.everybody()) into["cut_off_by"] = came.cut_off_by;
    into["groups_cut_off"] = came.half_known;
    into["groups_cut_off_of"] = half_known_in(came);
}

object to_json(const past_access& past) {
    array holders;
    for (const auto& one : past.holders) {
        auto holder = api::to_json(*past.registry, one.roles);
        holder["person"] = one.person.view();
        holder["login_name"] = one.login_name;
        holder["display_name"] = one.display_name;
        holder["used"] = one.used;
        holders.push_back(std::move(holder));
    }
    array gone;
    for (const auto& one : past.gone) gone.emplace_back(one);
    array unanswered;
    for (const auto& one : past.unanswered) unanswered.emplace_back(one);
    object made;
    made["member"] = past.member.view();
    made["application"] = past.application.view();
    made["role"] = past.role.view();
    made["day"] = to_string(past.day);
    made["revision"] = past.registry->revision();
    made["holders"] = std::move(holders);
    made["gone"] = std::move(gone);
    made["unanswered"] = std::move(unanswered);
    put_extent(made, past.came);
    return made;
}

object to_json(const audit::chain_report& report) {
    object made;
    made["whole"] = !report.fault;
    made["records"] = report.records;
    made["from"] = utc_text(report.from);
    made["until"] = utc_text(report.until);
    made["checkpoints"] = report.checkpoints;
    made["addresses_forgotten"] = report.addresses_forgotten;
    made["contents_removed"] = report.contents_removed;
    if (report.fault) {
        made["fault_at"] = report.fault->sequence;
        made["fault"] = report.fault->what;
    }
    return made;
}

struct as_json {
    const config::settings& settings;

    object operator()(const simulated_change& made) const {
        auto json = api::to_json(made.effects);
        json["revision"] = made.revision;
        return json;
    }
    object operator()(const role_matrix& made) const {
        auto json = api::to_json(*made.registry, made.holders);
        json["member"] = made.member.view();
        put_extent(json, made.came);
        return json;
    }
    object operator()(const begun_campaign& made) const { return object{{"id", made.id}}; }
    object operator()(const past_access& made) const { return to_json(made); }
    object operator()(const directory_test& made) const { return to_json(made.member, made.said); }
    object operator()(const certificate_look& made) const {
        auto json = to_json(made.member, made.said);
        array servers;
        for (const auto& server : made.servers) {
            array certificates;
            for (const auto& one : server.certificates) certificates.push_back(to_json(one));
            servers.push_back(
                object{{"url", server.url}, {"certificates", std::move(certificates)}});
        }
        json["servers"] = std::move(servers);
        return json;
    }
    object operator()(const rotated_keys& made) const { return keys_json(*made.keys, settings); }
    object operator()(const audit::chain_report& made) const { return to_json(made); }
};

}  // namespace

object keys_json(const jose::key_ring& keys, const config::settings& settings) {
    array list;
    for (const auto& key : keys.list()) {
        object one;
        one["kid"] = key.kid;
        one["algorithm"] = jose::name_of(key.algorithm);
        one["state"] = jose::name_of(key.state);
        one["signs_since"] = utc_text(key.activated_at);
        one["published_until"] = utc_text(key.published_until);
        list.push_back(std::move(one));
    }
    object made;
    made["keys"] = std::move(list);
    made["rotation_due"] = utc_text(keys::next_rotation(settings, keys).value_or(instant{}));
    made["published_after_rotation_hours"] = keys::longest_token_lifetime.count();
    return made;
}

object job_json(const job& one, const config::settings& settings) {
    object made;
    made["id"] = one.id;
    made["kind"] = one.kind;
    made["done"] = one.done.load();
    made["of"] = one.of.load();
    const auto ended = one.outcome();
    made["state"] = !ended ? "running" : ended->value ? "finished" : "failed";
    if (!ended) return made;
    if (ended->value) {
        made["result"] = std::visit(as_json{settings}, *ended->value);
        return made;
    }
    made["code"] = ended->value.error().code;
    array details;
    for (const auto& line : ended->value.error().details) details.emplace_back(line);
    made["details"] = std::move(details);
    return made;
}

}  // namespace kommpass::idp::api
