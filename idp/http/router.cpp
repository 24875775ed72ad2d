#include "idp/http/router.hpp"

#include "idp/http/method.hpp"

#include <algorithm>
#include <array>

namespace kommpass::idp::http {

bool router::route::takes(method asked) const noexcept {
    if (asked == method::head) asked = method::get;
    return std::find(methods.begin(), methods.end(), asked) != methods.end();
}

void router::add(std::initializer_list<method> methods, std::string path, handler handle,
                 route_options options) {
    put(methods, std::move(path), std::move(handle), options);
}

void router::add_immediate(std::initializer_list<method> methods, std::string path,
                           immediate_handler handle, route_options options) {
    put(methods, std::move(path), std::move(handle), options);
}

void router::set_not_found(immediate_handler handle) { not_found_ = std::move(handle); }

void router::put(std::initializer_list<method> methods, std::string path,
                 std::variant<handler, immediate_handler> handle, route_options options) {
    const auto& added = routes_.emplace_back(
        route{methods, std::move(handle), options, std::move(path), routes_.size()});
    const bool is_prefix = added.path.size() > 1 && added.path.ends_with('/');
    if (!is_prefix) {
        exact_[added.path].push_back(&added);
        return;
    }
    const auto same = std::find_if(prefixes_.begin(), prefixes_.end(),
                                   [&](const auto& p) { return p.first == added.path; });
    if (same != prefixes_.end()) {
        same->second.push_back(&added);
        return;
    }
    prefixes_.emplace_back(added.path, routes_of_path{&added});
    std::stable_sort(prefixes_.begin(), prefixes_.end(),
                     [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
}

const router::routes_of_path* router::at(std::string_view path) const {
    if (const auto exact = exact_.find(path); exact != exact_.end()) return &exact->second;
    const auto prefix = std::find_if(prefixes_.begin(), prefixes_.end(),
                                     [&](const auto& p) { return path.starts_with(p.first); });
    return prefix == prefixes_.end() ? nullptr : &prefix->second;
}

router::match router::find(method asked, std::string_view path) const {
    const auto* candidates = at(path);
    if (candidates == nullptr) return {};
    for (const auto* candidate : *candidates) {
        if (candidate->takes(asked)) return {candidate, nullptr};
    }
    // Of several, one that answers CORS preflights, which is what asks with another method.
    const auto cors = std::find_if(candidates->begin(), candidates->end(),
                                   [](const route* r) { return r->options.cors; });
    return {nullptr, cors == candidates->end() ? candidates->front() : *cors};
}

std::string router::allowed_methods(std::string_view path) const {
    constexpr std::array all{method::get,   method::head,    method::post,   method::put,
                             method::patch, method::delete_, method::options};
    std::string allowed;
    const auto* candidates = at(path);
    if (candidates == nullptr) return allowed;
    for (const auto one : all) {
        const bool taken = std::any_of(candidates->begin(), candidates->end(),
                                       [&](const route* r) { return r->takes(one); });
        if (!taken) continue;
        if (!allowed.empty()) allowed += ", ";
        allowed += to_string(one);
    }
    return allowed;
}

std::string_view to_string(method asked) noexcept {
    switch (asked) {
        case method::get:
            return "GET";
        case method::head:
            return "HEAD";
        case method::post:
            return "POST";
        case method::put:
            return "PUT";
        case method::patch:
            return "PATCH";
        case method::delete_:
            return "DELETE";
        case method::options:
            return "OPTIONS";
    }
    return "";
}

}  // namespace kommpass::idp::http
