#include "tests/support/two_members.hpp"

#include "idp/service/shared_parts.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/campaigns.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/set_ups.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "policies/registry_files.hpp"
#include "tests/support/administration.hpp"

#include <stdexcept>

namespace kommpass::tests {
namespace {

const member_slug cottbus("cottbus");
const person_id jan("P-jan");

void write(test_idp& idp, const std::function<void(idp::store::transaction&)>& work) {
    if (!idp.parts().memory.write_now(work)) throw std::runtime_error("the store refused");
}

void put_rules(policies::registry& all) {
    policies::grant one;
    one.id = "g-jan";
    one.member = cottbus;
    one.person = jan;
    one.role = role_name("groupware.postfach");
    one.reason = "geheim";
    one.asked_by = "P-somebody";
    all.grants.emplace(one.id, one);
    one.id = "g-waiting";
    one.role = role_name("groupware.betrieb");
    one.state = policies::grant_state::requested;
    all.grants.emplace(one.id, one);
    policies::withdrawal gone;
    gone.id = "w-jan";
    gone.member = cottbus;
    gone.person = jan;
    gone.role = role_name("dms.lesen");
    gone.reason = "geheim";
    all.withdrawals.emplace(gone.id, gone);
    policies::constraint_exception except;
    except.id = "e-jan";
    except.constraint = "akten";
    except.member = cottbus;
    except.person = jan;
    except.reason = "geheim";
    except.until = parse_day("2099-01-01");
    except.state = policies::grant_state::requested;
    except.asked_by = "P-somebody";
    all.exceptions.emplace(except.id, except);
    all.mappings.at("cottbus-alle").note = "geheim";
    auto waits = all.mappings.at("cottbus-alle");
    waits.id = "cottbus-wartet";
    waits.state = policies::grant_state::requested;
    waits.asked_by = "P-somebody";
    all.mappings.emplace(waits.id, waits);
}

void put_application(policies::registry& all) {
    policies::application operated;
    operated.key = application_key("of-cottbus");
    operated.name.de = "Fachverfahren";
    operated.operated_by = cottbus;
    operated.roles = {{role_name("of-cottbus.nutzen"), {"Nutzen", {}}, {}}};
    policies::client client;
    client.id = client_id("client-of-cottbus");
    client.authentication = policies::client_authentication::none;
    client.redirect_uris = {"https://verfahren.example/"};
    operated.clients = {client};
    all.applications.emplace(operated.key, operated);
}

}  // namespace

two_members::two_members() {
    idp.change_registry([](policies::registry& all) { add_administration(all); });
    add_administrator(
        idp, "lebus", "admin",
        {"helpdesk", "mandantenadmin", "rollenverwaltung", "rollenfreigabe", "appbetrieb"});
    add_administrator(idp, "cottbus", "admin", {"mandantenadmin"});
    const directory_id entry = idp.directories.of("cottbus", "jan.kowal").who.id;
    write(idp, [&](idp::store::transaction& t) {
        (void)t.persons().ensure(cottbus, entry, jan, idp.time.now());
    });
    idp.change_registry(
        [](policies::registry& all) {
            put_rules(all);
            put_application(all);
        },
        "geheim");
    revision = idp.parts().registry.get()->revision();
    const auto theirs = api_token(idp, "cottbus", "admin");
    job = api(idp, theirs, idp::http::method::post, "/members/cottbus/role-matrix").text("id");
    put_runtime_things();
}

std::string two_members::state() {
    std::string all = policies::to_json(idp.parts().registry.get()->documents());
    write(idp, [&](idp::store::transaction& t) {
        for (const auto& one : t.persons().of_member(cottbus)) all += one.id.str() + "\n";
        for (const auto& one : t.sessions().of_person(jan)) all += one.id + "\n";
        const auto drafted = t.set_ups().find(cottbus);
        all += drafted ? drafted->document + drafted->changed_by : "no set-up";
        for (const auto& one : t.campaigns().all()) all += one.id + one.title + "\n";
        all += t.campaigns().item(item)->answer;
    });
    for (const auto& one : idp.audit()) {
        if (one.record.member == cottbus || one.record.person == jan)
            all += one.record.event + one.record.detail_json + "\n";
    }
    return all;
}

void two_members::put_runtime_things() {
    write(idp, [&](idp::store::transaction& t) {
        idp::store::session one;
        one.id = "s-jan";
        one.secret_hash = "x";
        one.person = jan;
        one.member = cottbus;
        one.expires_at = idp.time.now() + std::chrono::hours(8);
        t.sessions().put(one);
        idp::store::campaign asked;
        asked.id = campaign;
        asked.title = "geheim";
        asked.started_by = "P-somebody";
        asked.due_at = idp.time.now() + std::chrono::hours(48);
        idp::store::campaign_item held;
        held.campaign = campaign;
        held.member = cottbus;
        held.person = jan;
        held.role = role_name("groupware.postfach");
        t.campaigns().put(asked, {held});
        item = t.campaigns().items(campaign, cottbus, 0, 1).front().number;
        policies::registry alone;
        alone.members.emplace(cottbus, *idp.parts().registry.get()->find_member(cottbus));
        alone.members.at(cottbus).help_contact = "geheim";
        t.set_ups().put({cottbus, policies::to_json(alone), {}, "P-somebody", idp.time.now()});
        idp::store::audit_record record;
        record.at = idp.time.now();
        record.event = "grant.ended";
        record.result = "ok";
        record.member = cottbus;
        record.person = jan;
        record.detail_json = R"({"why":"geheim"})";
        t.audit().append(record);
    });
}

}  // namespace kommpass::tests
