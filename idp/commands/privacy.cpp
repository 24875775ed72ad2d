// What is held on a person (DSGVO Art. 15), and its end (Art. 17).
#include "idp/admin/actor.hpp"
#include "idp/admin/erasure.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/personal_data.hpp"
#include "idp/commands/commands.hpp"
#include "idp/commands/opening.hpp"
#include "idp/commands/with_operations.hpp"

#include <boost/json/serialize.hpp>

#include <iostream>

namespace kommpass::idp::commands {
int privacy_export(const settings_file& file, const std::string& person) {
    return with_operations(
        file, [&](const admin::operation_services& p) -> boost::asio::awaitable<int> {
            admin::operation_context at{p};
            const auto who = admin::actor::of_host(host_actor());
            const auto held = co_await admin::personal_data(at, who, person_id(person));
            if (!held)
                co_return refuse(held.error().code == "not_found" ? "there is no person " + person
                                                                  : "the store does not answer");
            std::cout << boost::json::serialize(*held) << '\n';
            co_return 0;
        });
}

int privacy_erase(const settings_file& file, const std::string& person, const std::string& reason) {
    return with_operations(
        file, [&](const admin::operation_services& p) -> boost::asio::awaitable<int> {
            admin::operation_context at{p};
            const auto who = admin::actor::of_host(host_actor());
            const auto done = co_await admin::erase_person(at, who, person_id(person), reason);
            if (!done && done.error().code == "not_found")
                co_return refuse("there is no person " + person);
            if (!done && done.error().why == admin::refusal::reason::unavailable)
                co_return refuse("the store does not answer; nothing was erased");
            if (!done) co_return refuse_for(done.error());
            std::cout << "erased: sessions, tokens, consents and the person; the audit log keeps "
                         "pseudonymous records\n";
            co_return 0;
        });
}

}  // namespace kommpass::idp::commands
