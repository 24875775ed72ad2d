#include "idp/console/paging.hpp"

#include "idp/http/form.hpp"
#include "idp/http/request.hpp"

namespace kommpass::idp::console {

std::string next_page(const console_request& v, std::string_view parameter,
                      const std::string& key) {
    std::vector<std::pair<std::string, std::string>> kept;
    for (const auto& [name, value] : v.query.all()) {
        if (name != parameter && !value.empty()) kept.emplace_back(name, value);
    }
    kept.emplace_back(parameter, key);
    return http::with_query(v.request.path, kept);
}

}  // namespace kommpass::idp::console
