#include "idp/admin/certificate_watch.hpp"

#include "config/settings.hpp"
#include "directory/diagnosis/tls_probe.hpp"
#include "directory/line/address_book.hpp"
#include "idp/admin/directory_findings.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/observe/log.hpp"
#include "idp/tasks/fair_workers.hpp"
#include "policies/snapshot.hpp"

namespace kommpass::idp::admin {
namespace {

namespace diagnosis = directory::diagnosis;

void look_at_member(const policies::member& member, const directory::permitted_addresses& reachable,
                    const clock& time, expiring_certificates& into) {
    for (const auto& url : member.directory.urls) {
        diagnosis::report said;
        std::vector<diagnosis::seen_certificate> chain;
        (void)diagnosis::probe_server(member.directory, url, reachable, time, said, &chain);
        if (chain.empty()) continue;
        const bool expired = said.has("tls.expired");
        if (expired || said.has("tls.expires_soon"))
            into.push_back({member.slug, url, chain.front().until, expired});
    }
}

void look_at_own(const config::settings& settings, const clock& time, observe::log& log,
                 directory_findings& into) {
    auto own = std::make_shared<http::own_certificate>(
        http::judge_own_certificate(settings.listen, http::host_of(settings.issuer), time.now()));
    for (const auto& one : own->faults)
        log.warning("certificate.own", {{"fault", one.id}, {"reason", one.text}});
    into.own_certificate.replace(std::move(own));
}

}  // namespace

void look_at_all_certificates(const operation_services& p) {
    p.blocking.add([&settings = p.settings, &time = p.time, &log = p.log, &into = p.found] {
        look_at_own(settings, time, log, into);
    });
    // One piece of work for each member: the thread's end waits for one server, not for all.
    auto found = std::make_shared<expiring_certificates>();
    const auto registry = p.registry.get();
    const auto reachable = directory::permitted_by(p.settings);
    for (const auto& [slug, member] : registry->documents().members) {
        if (!member.active) continue;
        p.blocking.add([found, registry, &one = member, reachable, &time = p.time, &log = p.log] {
            const auto before = found->size();
            look_at_member(one, reachable, time, *found);
            for (std::size_t i = before; i < found->size(); ++i) {
                log.warning("certificate.expires", {{"member", one.slug.view()},
                                                    {"server", (*found)[i].url},
                                                    {"until", (*found)[i].until}});
            }
        });
    }
    p.blocking.add([made = found, &findings = p.found] { findings.certificates.replace(made); });
}

}  // namespace kommpass::idp::admin
