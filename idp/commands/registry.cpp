#include "idp/admin/actor.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/registry_change.hpp"
#include "idp/admin/token_weight.hpp"
#include "idp/commands/commands.hpp"
#include "idp/commands/opening.hpp"
#include "idp/commands/with_operations.hpp"
#include "idp/registry/registry_folder.hpp"
#include "idp/registry/revisions.hpp"
#include "idp/store/revisions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "policies/validation.hpp"

#include <algorithm>
#include <iomanip>
#include <iostream>

namespace kommpass::idp::commands {
namespace {

namespace fs = std::filesystem;

// A folder that reads and compiles, or every mistake of it on stderr. What may stand in it only
// because it stood there before is judged beside what is in force (`newly_beyond`).
std::optional<policies::registry> read_valid(const fs::path& folder) {
    const auto sources = registry::read_folder(folder);
    if (!sources) {
        print(sources.error());
        return std::nullopt;
    }
    auto documents = policies::read_registry(*sources);
    if (!documents) {
        print(documents.error());
        return std::nullopt;
    }
    const auto compiled = policies::compile_stored(*documents, 0);
    if (!compiled) {
        print(compiled.error());
        return std::nullopt;
    }
    return std::move(*documents);
}

// Roles of single persons are given in the console; a folder without `grants` leaves them alone.
void keep_persons(const fs::path& folder, const policies::registry& current,
                  policies::registry& wanted) {
    if (!fs::exists(folder / "grants")) policies::keep_personal_documents(current, wanted);
}

// Said before anything is done: whoever is refused by a proxy later cannot know why.
void warn_of_large_tokens(const policies::registry& current, const policies::registry& wanted) {
    const auto known = admin::heavy_rules(current);
    for (const auto& one : admin::heavy_rules(wanted)) {
        const bool is_new = std::none_of(known.begin(), known.end(), [&](const auto& was) {
            return was.mapping == one.mapping && was.application == one.application &&
                   was.bytes >= one.bytes;
        });
        if (is_new)
            std::cerr << "warning: mappings/" << one.mapping << ": "
                      << admin::advice_on(wanted, one, false) << '\n';
    }
}

std::string utc_text(instant at) {
    const auto seconds = static_cast<std::time_t>(to_unix_seconds(at));
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
    return text;
}

}  // namespace

int registry_diff(const settings_file& file, const fs::path& folder) {
    const auto settings = open_settings(file);
    if (!settings) return 1;
    auto wanted = read_valid(folder);
    if (!wanted) return 1;
    const auto memory = open_store(*settings);
    if (!memory) return 1;
    const auto current = registry::load_current(*memory);
    if (!current) return refuse(current.error());
    keep_persons(folder, current->documents, *wanted);
    const auto lines = policies::difference(current->documents, *wanted);
    for (const auto& line : lines) std::cout << line << '\n';
    print_losses(current->documents, *wanted);
    warn_of_large_tokens(current->documents, *wanted);
    if (const auto beyond = policies::newly_beyond(current->documents, *wanted); !beyond.empty()) {
        print(beyond);
        return 1;
    }
    if (lines.empty()) std::cout << "no difference to revision " << current->revision << '\n';
    return 0;
}

namespace {

boost::asio::awaitable<int> apply(const admin::operation_services& p,
                                  const policies::registry& wanted, const std::string& reason,
                                  policies::named_losses named) {
    admin::operation_context at{p};
    const auto before = p.registry.get();
    const auto lines = policies::difference(before->documents(), wanted);
    if (lines.empty() && before->revision() > 0) {
        std::cout << "no difference to revision " << before->revision()
                  << "; nothing was changed\n";
        co_return 0;
    }
    warn_of_large_tokens(before->documents(), wanted);
    admin::registry_change change;
    change.why = reason;
    change.expected = before->revision();
    change.may_leave_unsearched = true;
    change.replaces_all = true;
    change.named = std::move(named);
    change.edit = [&wanted](policies::registry& all) -> std::optional<admin::refusal> {
        all = wanted;
        return std::nullopt;
    };
    const auto who = admin::actor::of_host(host_actor());
    const auto done = co_await admin::change_registry(at, who, std::move(change));
    if (!done) co_return refuse_for(done.error());
    for (const auto& line : lines) std::cout << line << '\n';
    std::cout << "applied as revision " << done->revision
              << "; a running server takes it within a second\n";
    tell_unsearched(*done);
    co_return 0;
}

}  // namespace

int registry_apply(const settings_file& file, const fs::path& folder, const std::string& reason,
                   const asked_losses& asked) {
    auto wanted = read_valid(folder);
    if (!wanted) return 1;
    return with_operations(file, [&](const admin::operation_services& p) {
        keep_persons(folder, p.registry.get()->documents(), *wanted);
        return apply(p, *wanted, reason, named(asked));
    });
}

int registry_export(const settings_file& file, const fs::path& folder,
                    std::optional<long long> revision) {
    const auto settings = open_settings(file);
    if (!settings) return 1;
    const auto memory = open_store(*settings);
    if (!memory) return 1;
    policies::registry documents;
    if (revision) {
        auto found = registry::load_revision(*memory, *revision);
        if (!found) return refuse(found.error());
        if (!*found)
            return refuse("there is no revision " + std::to_string(*revision) +
                          "; see `registry history`");
        documents = std::move(**found);
    } else {
        auto current = registry::load_current(*memory);
        if (!current) return refuse(current.error());
        if (current->revision == 0)
            return refuse("the store has no registry yet; `registry apply` makes the first");
        documents = std::move(current->documents);
    }
    const auto files = policies::write_registry(documents);
    if (const auto written = registry::write_folder(folder, files); !written)
        return refuse(written.error());
    std::cout << files.size() << " files written to " << folder.string() << '\n';
    return 0;
}

int registry_history(const settings_file& file, std::size_t limit) {
    const auto settings = open_settings(file);
    if (!settings) return 1;
    const auto memory = open_store(*settings);
    if (!memory) return 1;
    std::vector<store::registry_revision> revisions;
    if (!memory->read_now(
            [&](store::transaction& t) { revisions = t.revisions().history(limit); })) {
        return refuse("the store does not answer");
    }
    for (const auto& revision : revisions) {
        std::cout << std::setw(6) << revision.number << "  " << utc_text(revision.at) << " UTC  "
                  << revision.who << "  " << revision.why << '\n';
    }
    if (revisions.empty()) std::cout << "no revision yet; `registry apply` makes the first\n";
    return 0;
}

}  // namespace kommpass::idp::commands
