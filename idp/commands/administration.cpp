// The operations of the administration on the command line. They are those of console and API.
#include "config/vocabulary/randomness.hpp"
#include "idp/admin/actor.hpp"
#include "idp/admin/audit_search.hpp"
#include "idp/admin/effects.hpp"
#include "idp/admin/history.hpp"
#include "idp/admin/one_time_code.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/registry_change.hpp"
#include "idp/api/api_endpoint.hpp"
#include "idp/api/json_views.hpp"
#include "idp/audit/events.hpp"
#include "idp/commands/commands.hpp"
#include "idp/commands/opening.hpp"
#include "idp/commands/with_operations.hpp"
#include "idp/http/form.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/algorithm.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/keys/key_place.hpp"
#include "idp/registry/registry_folder.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "policies/explain.hpp"
#include "policies/registry_files.hpp"
#include "policies/validation.hpp"

#include <boost/json/serialize.hpp>

#include <iostream>

#include <unistd.h>

namespace kommpass::idp::commands {
namespace {

using boost::asio::awaitable;

std::string scoped_text(const std::vector<policies::scoped_role>& all, char sign) {
    std::string text;
    for (const auto& one : all)
        text += std::string(text.empty() ? "" : " ") + sign + one.role.str() + "@" +
                one.for_member.str();
    return text;
}

void print(const std::vector<admin::member_effects>& all) {
    std::size_t persons = 0;
    std::size_t conflicts = 0;
    for (const auto& one : all) {
        persons += one.effects.persons;
        conflicts += one.effects.conflicts;
        for (const auto& effect : one.effects.effects) {
            std::cout << one.member.view() << "  " << effect.login_name << "  "
                      << scoped_text(effect.gains, '+')
                      << (effect.gains.empty() || effect.loses.empty() ? "" : " ")
                      << scoped_text(effect.loses, '-') << '\n';
            for (const auto& found : effect.new_conflicts)
                std::cout << "    ! " << sentence(found, policies::language::en) << '\n';
        }
        if (!one.came.everybody())
            std::cout << one.member.view()
                      << "  a limit of the directory hid some persons: " << one.came.cut_off_by
                      << '\n';
        if (one.came.half_known > 0)
            std::cout << one.member.view()
                      << "  not all groups came of persons: " << one.came.half_known << '\n';
        for (const auto& name :
             admin::names_of_half_known(one.came, admin::reading_extent::most_named))
            std::cout << "    ? " << name << '\n';
    }
    std::cout << persons << " persons read, " << conflicts << " new conflicts\n";
}

awaitable<int> run_simulation(const admin::operation_services& p, policies::registry wanted,
                              std::string member) {
    const admin::operation_context at{p};
    auto place = at;
    const auto before = p.registry.get();
    if (wanted.grants.empty() && wanted.withdrawals.empty() && wanted.exceptions.empty())
        policies::keep_personal_documents(before->documents(), wanted);
    auto compiled = policies::compile_stored(wanted, before->revision() + 1);
    config::mistakes wrong;
    if (compiled)
        wrong = policies::newly_beyond(before->documents(), wanted);
    else
        wrong = compiled.error();
    if (!wrong.empty()) {
        commands::print(wrong);
        co_return 1;
    }
    std::vector<member_slug> members;
    for (const auto& [slug, one] : before->documents().members) {
        if (one.active && (member.empty() || slug.view() == member)) members.push_back(slug);
    }
    if (members.empty()) co_return refuse("there is no member \"" + member + "\"");
    const bool shows = ::isatty(STDERR_FILENO) == 1;
    admin::progress told = [shows](std::size_t done, std::size_t of) {
        if (shows) std::cerr << '\r' << done << " / " << of << std::flush;
        return true;
    };
    const auto effects =
        co_await admin::effects_of(place, before, *compiled, members, std::move(told));
    if (shows) std::cerr << '\n';
    if (!effects) co_return refuse_for(effects.error());
    print(*effects);
    print_losses(before->documents(), wanted);
    co_return 0;
}

}  // namespace

int simulate(const settings_file& file, const std::filesystem::path& folder,
             const std::string& member) {
    const auto sources = registry::read_folder(folder);
    if (!sources) {
        print(sources.error());
        return 1;
    }
    auto wanted = policies::read_registry(*sources);
    if (!wanted) {
        print(wanted.error());
        return 1;
    }
    return with_operations(file, [&](const admin::operation_services& p) {
        return run_simulation(p, *wanted, member);
    });
}

int registry_rollback(const settings_file& file, long long number, const std::string& reason,
                      const asked_losses& asked) {
    return with_operations(file, [&](const admin::operation_services& p) -> awaitable<int> {
        admin::operation_context at{p};
        const auto who = admin::actor::of_host(host_actor());
        const auto done =
            co_await admin::roll_back(at, who, number, reason, std::nullopt, named(asked));
        if (!done) co_return refuse_for(done.error());
        std::cout << "revision " << done->revision << " has the documents of revision " << number
                  << "; a running server takes it within a second\n";
        tell_unsearched(*done);
        co_return 0;
    });
}

int report_usage(const settings_file& file, const std::string& month, bool as_json) {
    return with_operations(file, [&](const admin::operation_services& p) -> awaitable<int> {
        admin::operation_context at{p};
        const auto who = admin::actor::of_host(host_actor());
        const auto rows = co_await admin::usage_report(at, who, month);
        if (!rows) co_return refuse_for(rows.error());
        if (!as_json) {
            std::cout << admin::usage_csv(*rows);
            co_return 0;
        }
        boost::json::array list;
        for (const auto& one : *rows) list.push_back(api::to_json(one));
        boost::json::object whole;
        whole["month"] = month;
        whole["usage"] = std::move(list);
        std::cout << boost::json::serialize(whole) << '\n';
        co_return 0;
    });
}

int break_glass(const settings_file& file) {
    const auto settings = open_settings(file);
    if (!settings) return 1;
    const auto memory = open_store(*settings);
    if (!memory) return 1;
    const system_clock time;
    system_randomness random;
    const auto keys = keys::open_keys(*settings, *memory, random, time.now());
    if (!keys) return refuse(keys.error());
    const admin::one_time_code code{random.token(16), operator_name(),
                                    time.now() + admin::emergency.link};
    store::audit_record record;
    record.at = time.now();
    record.event = audit::name_of(audit::event::break_glass_issued);
    record.result = "ok";
    record.detail_json = audit::detail({{"issued_by", code.about}});
    // Without a record there is no emergency access either.
    if (!memory->write_now([&](store::transaction& t) { t.audit().append(record); }))
        return refuse("the store does not answer; no link was made");
    std::cout << "This link opens the console once, with every right, within "
              << std::chrono::duration_cast<std::chrono::minutes>(admin::emergency.link).count()
              << " minutes. It is recorded.\n"
              << settings->issuer << "/break-glass?code="
              << http::percent_encode(admin::seal_code(**keys, admin::emergency, code)) << '\n';
    return 0;
}

int admin_call(const settings_file& file, const admin_request& wanted) {
    return with_operations(file, [&](const admin::operation_services& p) -> awaitable<int> {
        const auto who = admin::actor::of_host(host_actor());
        auto answered =
            co_await api::run_operation(p, who, wanted.method, wanted.path, wanted.body);
        // Work that goes on is waited for: its directories stay until it is done.
        const auto job = co_await api::finished_job(p, who, answered);
        if (job) answered.body = boost::json::serialize(*job);
        (answered.status < 400 ? std::cout : std::cerr) << answered.body << '\n';
        co_return answered.status < 400 ? 0 : 1;
    });
}

}  // namespace kommpass::idp::commands
