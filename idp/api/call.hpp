#pragma once

#include "config/vocabulary/local_day.hpp"
#include "config/vocabulary/strong_string.hpp"
#include "idp/admin/refusal.hpp"
#include "idp/api/admin_words.hpp"
#include "idp/api/shape.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::http {
enum class method;
class form;
}  // namespace kommpass::idp::http

namespace kommpass::idp::admin {
struct operation_context;
class actor;
}  // namespace kommpass::idp::admin

namespace kommpass::idp::api {

// One authenticated request to the API, decoded.
struct call {
    operation_context& at;
    const actor& who;
    std::map<std::string, std::string, std::less<>> path;  // "{id}" of the address
    const http::form& query;
    boost::json::object body;
    std::optional<long long> if_match;  // the revision that the change is meant for

    [[nodiscard]] std::string in_path(std::string_view name) const;
    [[nodiscard]] std::string in_query(std::string_view name) const;  // empty if absent
    // A member of the body; nothing if it is absent or null, a refusal if it is no text.
    [[nodiscard]] answer<std::string> text(std::string_view name) const;
    [[nodiscard]] answer<std::optional<day>> day_in(std::string_view name) const;
    [[nodiscard]] answer<std::vector<member_slug>> members_in(std::string_view name) const;
    [[nodiscard]] answer<std::vector<std::string>> texts_in(std::string_view name) const;
    [[nodiscard]] answer<boost::json::object> object_in(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const;  // absent and null are the same
    [[nodiscard]] answer<bool> truth(std::string_view name) const;
};

struct outcome {
    boost::json::value body;
    unsigned status = 200;
    std::optional<long long> revision{};  // sent as ETag
};
using handler = boost::asio::awaitable<answer<outcome>> (*)(call&);

// Where a parameter of an operation stands, and what it may be: requests are taken by it, and the
// OpenAPI document states it.
struct parameter {
    std::string_view name;
    std::string_view in;  // "path", "query", "body"
    const shape& (*type)();
    bool required;
};

// One operation of the API: routing, the OpenAPI document and the tests are made from this table.
struct endpoint {
    http::method method;
    std::string_view path;  // below /api/v1, "/mappings/{id}"
    std::string_view id;    // operationId
    std::string_view summary;
    bool writes;              // needs the scope fed:write
    std::string_view schema;  // of the answer, in the OpenAPI document's components
    std::span<const parameter> parameters;
    handler run;
};
[[nodiscard]] std::span<const endpoint> endpoints() noexcept;

}  // namespace kommpass::idp::api
