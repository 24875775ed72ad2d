#include "idp/http/base_path.hpp"

#include "idp/http/request.hpp"
#include "idp/http/response.hpp"

#include <algorithm>
#include <array>

namespace kommpass::idp::http {
namespace {

constexpr std::string_view well_known = "/.well-known/";
// As the templates write them.
constexpr std::array<std::string_view, 3> own_addresses{" href=\"/", " action=\"/", " src=\"/"};

bool leads_to_us(std::string_view location) {
    return location.starts_with('/') && !location.starts_with("//");
}

void put_before(std::string& html, std::string_view path) {
    for (const auto mark : own_addresses) {
        const auto slash = mark.size() - 1;
        for (auto at = html.find(mark); at != std::string::npos;
             at = html.find(mark, at + mark.size() + path.size()))
            html.insert(at + slash, path);
    }
}

}  // namespace

base_path::base_path(std::string_view issuer) {
    const auto scheme = issuer.find("://");
    const auto host = scheme == std::string_view::npos ? issuer.size() : scheme + 3;
    const auto path = issuer.find('/', std::min(host, issuer.size()));
    if (path != std::string_view::npos) path_ = issuer.substr(path);
}

void base_path::take_off(request& asked) const {
    if (path_.empty()) return;
    auto& path = asked.path;
    if (path == path_) {
        path = "/";
    } else if (path.starts_with(path_) && path[path_.size()] == '/') {
        path.erase(0, path_.size());
    } else if (path.starts_with(well_known) && path.ends_with(path_)) {
        path.erase(path.size() - path_.size());
    }
}

void base_path::put_on(response& answer) const {
    if (path_.empty()) return;
    for (auto& [name, value] : answer.headers) {
        if (name == "Location" && leads_to_us(value)) value.insert(0, path_);
    }
    if (answer.content_type.starts_with("text/html")) put_before(answer.body, path_);
}

}  // namespace kommpass::idp::http
