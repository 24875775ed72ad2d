#include "idp/http/form.hpp"

#include "config/vocabulary/secret_string.hpp"
#include "idp/http/percent_encoding.hpp"

#include <algorithm>

namespace kommpass::idp::http {

result<form, form_error> form::parse(std::string_view encoded, std::size_t most) {
    form parsed;
    while (!encoded.empty()) {
        const auto end = std::min(encoded.find('&'), encoded.size());
        const auto one = encoded.substr(0, end);
        encoded.remove_prefix(std::min(end + 1, encoded.size()));
        if (one.empty()) continue;
        if (parsed.pairs_.size() == most) return form_error::too_many_parameters;

        const auto equals = std::min(one.find('='), one.size());
        auto name = percent_decode(one.substr(0, equals), plus_sign::is_space);
        auto value =
            percent_decode(one.substr(std::min(equals + 1, one.size())), plus_sign::is_space);
        if (!name || !value) return form_error::malformed_encoding;
        parsed.pairs_.emplace_back(std::move(*name), std::move(*value));
    }
    return parsed;
}

std::optional<std::string_view> form::get(std::string_view name) const noexcept {
    for (const auto& [key, value] : pairs_) {
        if (key != name) continue;
        if (value.empty()) return std::nullopt;
        return std::string_view(value);
    }
    return std::nullopt;
}

std::optional<std::string_view> form::first_repeated() const noexcept {
    for (auto i = pairs_.begin(); i != pairs_.end(); ++i) {
        const bool again = std::any_of(
            pairs_.begin(), i, [&](const auto& before) { return before.first == i->first; });
        if (again) return std::string_view(i->first);
    }
    return std::nullopt;
}

void form::wipe() noexcept {
    for (auto& pair : pairs_) kommpass::wipe(pair.second);
}

std::string with_query(std::string uri,
                       const std::vector<std::pair<std::string, std::string>>& parameters) {
    char separator = uri.find('?') == std::string::npos ? '?' : '&';
    if (!uri.empty() && (uri.back() == '?' || uri.back() == '&')) separator = '\0';
    for (const auto& [name, value] : parameters) {
        if (separator != '\0') uri.push_back(separator);
        separator = '&';
        uri.append(percent_encode(name)).append("=").append(percent_encode(value));
    }
    return uri;
}

}  // namespace kommpass::idp::http
