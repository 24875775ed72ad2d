#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/result.hpp"
#include "idp/oauth/document_getter.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

namespace kommpass::idp::oauth {

template <class Document>
class published_documents;

// Signed authorization requests that lie with the client (`request_uri`; RFC 9101, 5.2; OpenID
// Connect Core, 6.2). An address with a fragment names one version: kept for a day; one without is
// asked again after 30 s, and of neither anything is used for longer. For all I/O threads;
// thread-safe.
class request_references {
public:
    using object_ptr = std::shared_ptr<const std::string>;
    // An error is a sentence for whoever operates the client.
    using found = boost::asio::awaitable<result<object_ptr, std::string>>;

    request_references(const clock& time, document_getter get);
    ~request_references();
    request_references(const request_references&) = delete;

    // The JWT, not looked at yet: 1 to 16384 bytes, sent as one. `uri` is one that the client
    // registered.
    [[nodiscard]] found fetch(std::string uri);

private:
    const std::unique_ptr<published_documents<std::string>> published_;
};

}  // namespace kommpass::idp::oauth
