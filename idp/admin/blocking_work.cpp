// Long work that blocks: in the back room.
#include "directory/diagnosis/diagnose.hpp"
#include "directory/diagnosis/tls_probe.hpp"
#include "idp/admin/desk.hpp"
#include "idp/admin/key_upkeep.hpp"
#include "idp/admin/long_work.hpp"
#include "idp/admin/running_job.hpp"
#include "idp/admin/set_up.hpp"
#include "idp/api/json_views.hpp"
#include "idp/audit/verification.hpp"
#include "idp/keys/key_rotation.hpp"
#include "idp/registry/directories_of.hpp"
#include "policies/validation.hpp"

namespace kommpass::idp::admin {
namespace {

namespace diagnosis = directory::diagnosis;
using boost::json::object;

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
    boost::json::array findings;
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

object to_json(const audit::chain_report& report) {
    object made;
    made["whole"] = !report.fault;
    made["records"] = report.records;
    made["from"] = api::utc_text(report.from);
    made["until"] = api::utc_text(report.until);
    made["checkpoints"] = report.checkpoints;
    made["addresses_forgotten"] = report.addresses_forgotten;
    made["contents_removed"] = report.contents_removed;
    if (report.fault) {
        made["fault_at"] = report.fault->sequence;
        made["fault"] = report.fault->what;
    }
    return made;
}

}  // namespace

begun begin_directory_test(provider& p, workplace at, actor who, member_slug member) {
    const auto registry = at.registry.get();
    const auto* found = registry->find_member(member);
    if (found == nullptr || !who.may(operation::test_directory, member)) co_return no_such_thing();
    auto running = p.desk.running.begin(who.id(), "directory-test");
    if (!running) co_return too_many_jobs();
    p.desk.blocking.add([running, member,
                         settings = registry::opened_directory(*p.keys.get(), *found),
                         &time = at.time] {
        const auto made = diagnosis::diagnose(member, settings, {}, time);
        running->finish(boost::json::value(to_json(member, made.said)));
    });
    co_return running;
}

begun begin_certificate_look(provider& p, workplace at, actor who, member_slug member) {
    auto view = co_await look_at_set_up(at, who, member);
    if (!view) co_return view.error();
    if (view->draft.directory.urls.empty()) co_return invalid("urls", "address_missing");
    auto running = p.desk.running.begin(who.id(), "certificates");
    if (!running) co_return too_many_jobs();
    p.desk.blocking.add([running, member, settings = view->draft.directory, &time = at.time] {
        diagnosis::report said;
        boost::json::array servers;
        for (const auto& url : settings.urls) {
            std::vector<diagnosis::seen_certificate> chain;
            (void)diagnosis::probe_server(settings, url, time, said, &chain);
            boost::json::array certificates;
            for (const auto& one : chain) certificates.push_back(to_json(one));
            servers.push_back(object{{"url", url}, {"certificates", std::move(certificates)}});
        }
        auto made = to_json(member, said);
        made["servers"] = std::move(servers);
        running->finish(boost::json::value(std::move(made)));
    });
    co_return running;
}

begun begin_set_up_test(provider& p, workplace at, actor who, member_slug member) {
    auto view = co_await look_at_set_up(at, who, member);
    if (!view) co_return view.error();
    auto draft = view->draft;
    draft.active = true;
    config::mistakes wrong;
    policies::validate_member({}, draft, wrong);
    if (!wrong.empty()) {
        auto no = invalid({}, "registry_invalid");
        for (const auto& one : wrong) no.details.push_back(one.text);
        co_return no;
    }
    auto running = p.desk.running.begin(who.id(), "set-up-test");
    if (!running) co_return too_many_jobs();
    p.desk.blocking.add([running, draft, keys = p.keys.get(), changed_at = view->changed_at,
                         &memory = at.memory, &time = at.time] {
        const auto settings = registry::opened_directory(*keys, draft);
        const auto made = diagnosis::diagnose(draft.slug, settings, {}, time);
        if (!made.said.failed()) {
            // Somebody may have gone on entering meanwhile; that is not what was tested.
            (void)memory.write_now([&](store::transaction& t) {
                auto kept = t.set_ups().find(draft.slug);
                if (!kept || kept->changed_at != changed_at) return;
                kept->tested_at = time.now();
                t.set_ups().put(*kept);
            });
        }
        running->finish(boost::json::value(to_json(draft.slug, made.said)));
    });
    co_return running;
}

begun begin_key_rotation(provider& p, workplace at, actor who) {
    if (!who.may_everywhere(operation::rotate_keys)) co_return no_such_thing();
    auto running = p.desk.running.begin(who.id(), "key-rotation");
    if (!running) co_return too_many_jobs();
    p.desk.blocking.add([running, id = who.id(), &settings = p.settings, &memory = at.memory,
                         &random = at.random, &time = at.time] {
        const auto rotated =
            keys::rotate_keys(settings, memory, std::nullopt, id, random, time.now());
        if (rotated)
            running->finish(boost::json::value(keys_json(**rotated, settings)));
        else
            running->finish(
                refusal{refusal::reason::unavailable, "keys_not_rotated", {}, {rotated.error()}});
    });
    co_return running;
}

begun begin_audit_verification(provider& p, workplace at, actor who) {
    if (!who.may_everywhere(operation::verify_audit)) co_return no_such_thing();
    auto running = p.desk.running.begin(who.id(), "audit-verification");
    if (!running) co_return too_many_jobs();
    p.desk.blocking.add([running, keys = p.keys.get(), &memory = at.memory] {
        const auto report = audit::verify_chain(memory, *keys);
        if (report)
            running->finish(boost::json::value(to_json(*report)));
        else
            running->finish(store_silent());
    });
    co_return running;
}

}  // namespace kommpass::idp::admin
