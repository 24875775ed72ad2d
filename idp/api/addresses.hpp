#pragma once

#include "idp/api/call.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::http {
enum class method;
struct response;
struct request;
}  // namespace kommpass::idp::http

// Which operation an address and a method mean, and what is answered where they mean none.
namespace kommpass::idp::api {

constexpr std::string_view document_address = "/openapi.json";

struct found_endpoint {
    const endpoint* one = nullptr;
    bool other_method = false;
    std::map<std::string, std::string, std::less<>> path;
};
[[nodiscard]] found_endpoint find(http::method, std::string_view address);

// What follows "/api/v1" in a path; nothing for another path.
[[nodiscard]] std::optional<std::string_view> address_of(std::string_view path);
// 405 with what the address has in `Allow`.
[[nodiscard]] http::response wrong_method(std::string_view address, std::string_view request_id);

// Whether a path lies below /api/, where even what is no proper request is answered in JSON.
[[nodiscard]] bool is_api_path(std::string_view path) noexcept;
// What the server answers there before, or in place of, an operation.
[[nodiscard]] http::response refused_before(const http::request&, unsigned status);

}  // namespace kommpass::idp::api
