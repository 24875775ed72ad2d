#include "idp/oauth/request_references.hpp"

#include "idp/http/header_grammar.hpp"
#include "idp/oauth/published_documents.hpp"

namespace kommpass::idp::oauth {
namespace {

using documents = published_documents<std::string>;

constexpr keeping_times of_a_version{std::chrono::hours(24), std::chrono::hours(24)};
constexpr keeping_times of_an_address{std::chrono::seconds(30), std::chrono::seconds(30)};
constexpr std::size_t longest = 16 * 1024;
constexpr std::string_view own_type = "application/oauth-authz-req+jwt";
constexpr std::string_view common_type = "application/jwt";

documents::outcome sent_as_jwt(outgoing::fetched got) {
    const auto& type = got.content_type;
    if (!http::names_media_type(type, own_type) && !http::names_media_type(type, common_type))
        return "the content type is not " + std::string(own_type) + " or " +
               std::string(common_type);
    if (got.body.empty()) return std::string("the answer is empty");
    return std::make_shared<const std::string>(std::move(got.body));
}

}  // namespace

request_references::request_references(const clock& time, document_getter get)
    : published_(std::make_unique<documents>(
          time, std::move(get), "the requests",
          outgoing::fetch{{}, std::string(own_type) + ", " + std::string(common_type), longest},
          sent_as_jwt)) {}

request_references::~request_references() = default;

request_references::found request_references::fetch(std::string uri) {
    const bool is_version = uri.find('#') != std::string::npos;
    co_return co_await published_->find(std::move(uri), is_version ? of_a_version : of_an_address,
                                        documents::demand::any);
}

}  // namespace kommpass::idp::oauth
