#include "idp/api/call.hpp"

#include "idp/admin/shown_digest.hpp"
#include "idp/api/shown_version.hpp"
#include "idp/http/form.hpp"

#include <boost/json/array.hpp>

namespace kommpass::idp::api {

std::string call::in_path(std::string_view name) const {
    const auto found = path.find(name);
    return found == path.end() ? std::string() : found->second;
}

std::string call::in_query(std::string_view name) const {
    return std::string(query.get(name).value_or(std::string_view()));
}

answer<std::string> call::text(std::string_view name) const {
    const auto* found = body.if_contains(name);
    if (found == nullptr || found->is_null()) return std::string();
    if (!found->is_string()) return invalid(std::string(name), "must_be_text");
    return std::string(found->get_string());
}

answer<shown_digest> shown_in(const call& c) {
    auto given = c.text("digest");
    if (!given) return given.error();
    return shown_digest(std::move(*given));
}

answer<std::optional<day>> call::day_in(std::string_view name) const {
    using given = answer<std::optional<day>>;
    const auto written = text(name);
    if (!written) return written.error();
    if (written->empty()) return given(std::nullopt);
    const auto found = parse_day(*written);
    if (!found) return invalid(std::string(name), "must_be_day");
    return given(found);
}

answer<std::vector<std::string>> call::texts_in(std::string_view name) const {
    std::vector<std::string> texts;
    const auto* found = body.if_contains(name);
    if (found == nullptr || found->is_null()) return texts;
    if (!found->is_array()) return invalid(std::string(name), "must_be_list");
    for (const auto& one : found->get_array()) {
        if (!one.is_string()) return invalid(std::string(name), "must_be_list");
        texts.emplace_back(one.get_string());
    }
    return texts;
}

answer<std::vector<member_slug>> call::members_in(std::string_view name) const {
    const auto texts = texts_in(name);
    if (!texts) return texts.error();
    return std::vector<member_slug>(texts->begin(), texts->end());
}

answer<boost::json::object> call::object_in(std::string_view name) const {
    const auto* found = body.if_contains(name);
    if (found == nullptr || !found->is_object())
        return invalid(std::string(name), "must_be_object");
    return found->get_object();
}

bool call::has(std::string_view name) const {
    const auto* found = body.if_contains(name);
    return found != nullptr && !found->is_null();
}

answer<bool> call::truth(std::string_view name) const {
    const auto* found = body.if_contains(name);
    if (found == nullptr || found->is_null()) return false;
    if (!found->is_bool()) return invalid(std::string(name), "must_be_truth");
    return found->get_bool();
}

}  // namespace kommpass::idp::api
