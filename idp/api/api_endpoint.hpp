#pragma once

#include "idp/api/admin_words.hpp"
#include "idp/api/api_parts.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <string>

namespace kommpass::idp::admin {
struct operation_services;
class actor;
}  // namespace kommpass::idp::admin

namespace kommpass::idp::http {
struct response;
struct request;
}  // namespace kommpass::idp::http

namespace kommpass::idp::api {

// Everything below /api/v1/: an access token of a person, issued to a client of the application
// `fed` with the scope fed:read or fed:write (RFC 6750); answers as JSON, refusals as problem+json
// (RFC 9457). `Idempotency-Key` and `If-Match` as the OpenAPI document says.
class api_endpoint {
public:
    explicit api_endpoint(api_parts parts) : parts_(parts) {}
    [[nodiscard]] boost::asio::awaitable<http::response> operator()(const http::request&);

private:
    api_parts parts_;
};

// The same without HTTP, for the command line: `method` "get", `path` "/members/lebus?x=y", `body`
// JSON or empty.
[[nodiscard]] boost::asio::awaitable<http::response> run_operation(const operation_services&,
                                                                   const actor&, std::string method,
                                                                   std::string path,
                                                                   std::string body);
// If the answer is that a job has begun: waits for its end. Nothing else.
[[nodiscard]] boost::asio::awaitable<std::optional<boost::json::object>> finished_job(
    const operation_services&, const actor&, const http::response&);

}  // namespace kommpass::idp::api
