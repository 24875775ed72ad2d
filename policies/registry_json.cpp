// The canonical form that a revision keeps: the files of `write_registry` as one JSON object, path
// to text. One reader and one writer then serve files, revisions and exports alike.
#include "policies/registry_files.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace kommpass::policies {

std::string to_json(const registry& all) {
    boost::json::object files;
    for (auto& file : write_registry(all)) files[file.path] = std::move(file.text);
    return boost::json::serialize(files);
}

result<registry, std::string> from_json(std::string_view text) {
    using answer = result<registry, std::string>;
    boost::system::error_code error;
    const auto whole = boost::json::parse(text, error);
    const auto* files = error ? nullptr : whole.if_object();
    if (files == nullptr) return answer(std::string("is no JSON object"));
    std::vector<source_file> sources;
    for (const auto& [path, content] : *files) {
        if (!content.is_string()) return answer("\"" + std::string(path) + "\" is no text");
        sources.push_back({std::string(path), std::string(content.get_string())});
    }
    auto documents = read_registry(sources);
    if (!documents) return answer(documents.error().front().to_string());
    return answer(std::move(*documents));
}

void keep_personal_documents(const registry& current, registry& wanted) {
    const auto keep = [&](const auto& from, auto& into) {
        for (const auto& [id, one] : from) {
            if (wanted.members.contains(one.member)) into.emplace(id, one);
        }
    };
    keep(current.grants, wanted.grants);
    wanted.withdrawals.insert(current.withdrawals.begin(), current.withdrawals.end());
    keep(current.exceptions, wanted.exceptions);
}

}  // namespace kommpass::policies
