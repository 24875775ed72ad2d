// Long work that blocks: on a thread of its own.
#include "config/settings.hpp"
#include "directory/diagnosis/diagnose.hpp"
#include "directory/diagnosis/tls_probe.hpp"
#include "directory/line/address_book.hpp"
#include "idp/admin/jobs.hpp"
#include "idp/admin/long_work.hpp"
#include "idp/admin/rights.hpp"
#include "idp/admin/run_job.hpp"
#include "idp/admin/set_up.hpp"
#include "idp/audit/verification.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/keys/key_rotation.hpp"
#include "idp/registry/directories_of.hpp"
#include "idp/store/set_ups.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "idp/tasks/fair_workers.hpp"
#include "policies/validation.hpp"

namespace kommpass::idp::admin {
namespace {

namespace diagnosis = directory::diagnosis;

}  // namespace

begun begin_directory_test(operation_context at, actor who, member_slug member) {
    const auto registry = at.registry.get();
    const auto* found = registry->find_member(member);
    if (found == nullptr || !who.may(operation::test_directory, member)) co_return no_such_thing();
    auto running = at.running.begin(who, {"directory-test", operation::test_directory, member});
    if (!running) co_return too_many_jobs();
    at.blocking.add(
        [running, member, settings = registry::opened_directory(*at.keys.get(), *found),
         reachable = directory::permitted_by(at.settings), &time = at.time] {
            const auto made = diagnosis::diagnose(member, settings, {}, reachable, time);
            finish(*running, job_result(directory_test{member, made.said}));
        },
        at.whose);
    co_return running;
}

begun begin_certificate_look(operation_context at, actor who, member_slug member) {
    auto view = co_await look_at_set_up(at, who, member);
    if (!view) co_return view.error();
    if (view->draft.directory.urls.empty()) co_return invalid("urls", "address_missing");
    auto running = at.running.begin(who, {"certificates", operation::set_up_directory, member});
    if (!running) co_return too_many_jobs();
    at.blocking.add(
        [running, member, settings = view->draft.directory,
         reachable = directory::permitted_by(at.settings), &time = at.time] {
            certificate_look made;
            made.member = member;
            for (const auto& url : settings.urls) {
                shown_server server{url, {}};
                (void)diagnosis::probe_server(settings, url, reachable, time, made.said,
                                              &server.certificates);
                made.servers.push_back(std::move(server));
            }
            finish(*running, job_result(std::move(made)));
        },
        at.whose);
    co_return running;
}

begun begin_set_up_test(operation_context at, actor who, member_slug member) {
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
    auto running = at.running.begin(who, {"set-up-test", operation::set_up_directory, member});
    if (!running) co_return too_many_jobs();
    at.blocking.add(
        [running, draft, keys = at.keys.get(), changed_at = view->changed_at, &memory = at.memory,
         reachable = directory::permitted_by(at.settings), &time = at.time] {
            const auto settings = registry::opened_directory(*keys, draft);
            const auto made = diagnosis::diagnose(draft.slug, settings, {}, reachable, time);
            if (!made.said.failed()) {
                // Somebody may have gone on entering meanwhile; that is not what was tested.
                (void)memory.write_now([&](store::transaction& t) {
                    auto kept = t.set_ups().find(draft.slug);
                    if (!kept || kept->changed_at != changed_at) return;
                    kept->tested_at = time.now();
                    auto tested = draft_from(kept->document);
                    if (tested && made.lockout && adopt_lockout(*made.lockout, tested->directory))
                        kept->document = draft_text(*tested);
                    t.set_ups().put(*kept);
                });
            }
            finish(*running, job_result(directory_test{draft.slug, made.said}));
        },
        at.whose);
    co_return running;
}

begun begin_key_rotation(operation_context at, actor who) {
    if (!who.may_everywhere(operation::rotate_keys)) co_return no_such_thing();
    auto running = at.running.begin(who, {"key-rotation", operation::rotate_keys, {}});
    if (!running) co_return too_many_jobs();
    at.upkeep.add([running, id = who.id(), &settings = at.settings, &memory = at.memory,
                   &random = at.random, &time = at.time] {
        const auto rotated =
            keys::rotate_keys(settings, memory, std::nullopt, id, random, time.now());
        if (rotated)
            finish(*running, job_result(rotated_keys{*rotated}));
        else
            finish(
                *running,
                refusal{refusal::reason::unavailable, "keys_not_rotated", {}, {rotated.error()}});
    });
    co_return running;
}

begun begin_audit_verification(operation_context at, actor who) {
    if (!who.may_everywhere(operation::verify_audit)) co_return no_such_thing();
    auto running = at.running.begin(who, {"audit-verification", operation::verify_audit, {}});
    if (!running) co_return too_many_jobs();
    at.upkeep.add([running, keys = at.keys.get(), &memory = at.memory] {
        const auto report = audit::verify_chain(memory, *keys);
        if (report)
            finish(*running, job_result(*report));
        else
            finish(*running, store_silent());
    });
    co_return running;
}

}  // namespace kommpass::idp::admin
