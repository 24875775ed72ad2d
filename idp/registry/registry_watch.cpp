#include "idp/registry/registry_watch.hpp"

#include "idp/registry/registry_folder.hpp"
#include "idp/registry/revisions.hpp"
#include "idp/store/revisions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "policies/registry_files.hpp"

#include <stdexcept>

namespace kommpass::idp::registry {
namespace {

std::string all_lines(const config::mistakes& wrong) {
    std::string lines;
    for (const auto& mistake : wrong) lines += "\n  " + mistake.to_string();
    return lines;
}

policies::snapshot_ptr compile_or_throw(policies::registry documents, long long revision,
                                        policies::authorships authors) {
    auto compiled = policies::compile_stored(std::move(documents), revision, std::move(authors));
    if (compiled) return std::move(*compiled);
    throw std::runtime_error("the registry does not compile:" + all_lines(compiled.error()));
}

policies::registry read_or_throw(const std::string& folder) {
    const auto sources = read_folder(folder);
    if (!sources)
        throw std::runtime_error("the registry folder cannot be read:" +
                                 all_lines(sources.error()));
    auto documents = policies::read_registry(*sources);
    if (!documents)
        throw std::runtime_error("the registry has mistakes:" + all_lines(documents.error()));
    const auto compiled = policies::compile(*documents, 1);
    if (!compiled)
        throw std::runtime_error("the registry does not compile:" + all_lines(compiled.error()));
    return std::move(*documents);
}

}  // namespace

bool take_newest_revision(store::store& memory, live<policies::snapshot>& registry,
                          observe::log& log) {
    long long newest = 0;
    if (!memory.read_now([&](store::transaction& t) { newest = t.revisions().latest_number(); }))
        return false;
    if (newest == registry.get()->revision()) return false;
    auto current = load_current(memory);
    if (!current) {
        log.error("registry.not_read", {{"reason", current.error()}});
        return false;
    }
    auto compiled = policies::compile_stored(std::move(current->documents), current->revision,
                                             std::move(current->authors));
    if (!compiled) {
        log.error("registry.does_not_compile", {{"revision", current->revision},
                                                {"reason", compiled.error().front().to_string()}});
        return false;
    }
    registry.replace(std::move(*compiled));
    log.info("registry.taken", {{"revision", current->revision}});
    return true;
}

policies::snapshot_ptr first_snapshot(store::store& memory, const std::string& folder,
                                      instant now) {
    auto current = load_current(memory);
    if (!current) throw std::runtime_error(current.error());
    if (current->revision > 0 || folder.empty()) {
        return compile_or_throw(std::move(current->documents), current->revision,
                                std::move(current->authors));
    }
    auto documents = read_or_throw(folder);
    const auto number =
        append_revision(memory, {std::move(documents), 0, "kommpass serve", "first start", now});
    current = load_current(memory);
    if (!current) throw std::runtime_error(current.error());
    // Of several nodes that begin at once on an empty store, one applies the folder.
    if (!number && current->revision == 0) throw std::runtime_error(number.error());
    return compile_or_throw(std::move(current->documents), current->revision,
                            std::move(current->authors));
}

}  // namespace kommpass::idp::registry
