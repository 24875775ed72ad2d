#include "idp/web/client_links.hpp"
#include "idp/web/image_source.hpp"
#include "idp/web/templates.hpp"

namespace kommpass::idp::web {

std::string image_source_of(const client_links& links) {
    const auto& uri = links.logo_uri;
    if (!uri.starts_with("https://")) return {};
    return uri.substr(0, uri.find_first_of("/?#", std::string_view("https://").size()));
}

void put_links(page_data& into, const client_links& links) {
    const auto put = [&](const char* name, const std::string& value) {
        if (!value.empty()) into.set(name, value);
    };
    put("policy_uri", links.policy_uri);
    put("tos_uri", links.tos_uri);
    put("logo_uri", links.logo_uri);
    if (!links.policy_uri.empty() || !links.tos_uri.empty())
        into.set("any_links", page_data::type::bool_true);
}

}  // namespace kommpass::idp::web
