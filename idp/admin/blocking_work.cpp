// Long work that blocks: in the back room.
#include "directory/diagnosis/diagnose.hpp"
#include "idp/admin/api/json_views.hpp"
#include "idp/admin/desk.hpp"
#include "idp/admin/long_work.hpp"
#include "idp/audit/verification.hpp"

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
    made["text_de"] = text_of(one, diagnosis::language::de);
    made["text_en"] = text_of(one, diagnosis::language::en);
    made["remedy_de"] = remedy_of(one, diagnosis::language::de);
    made["remedy_en"] = remedy_of(one, diagnosis::language::en);
    made["took_us"] = one.took.count();
    return made;
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

refusal too_many_jobs() { return {refusal::reason::unavailable, "too_many_jobs", {}, {}}; }

}  // namespace

begun begin_directory_test(provider& p, workplace at, actor who, member_slug member) {
    const auto registry = at.registry.get();
    const auto* found = registry->find_member(member);
    if (found == nullptr || !who.may(operation::test_directory, member)) co_return no_such_thing();
    auto running = p.desk.running.begin(who.id(), "directory-test");
    if (!running) co_return too_many_jobs();
    p.desk.blocking.add([running, member, settings = found->directory, &time = at.time] {
        const auto made = diagnosis::diagnose(member, settings, {}, time);
        boost::json::array findings;
        for (const auto& one : made.said.findings()) findings.push_back(to_json(one));
        object result;
        result["member"] = member.view();
        result["failed"] = made.said.failed();
        result["findings"] = std::move(findings);
        running->finish(boost::json::value(std::move(result)));
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
