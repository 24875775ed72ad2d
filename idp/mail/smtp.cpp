#include "idp/mail/smtp.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace kommpass::idp::mail {
namespace {

constexpr long connect_seconds = 10;
constexpr long whole_seconds = 30;

struct rest {
    std::string_view left;
};

std::size_t read_some(char* into, std::size_t size, std::size_t count, void* from) {
    auto& text = static_cast<rest*>(from)->left;
    const auto part = std::min(size * count, text.size());
    std::memcpy(into, text.data(), part);
    text.remove_prefix(part);
    return part;
}

// Asked about once a second, also while the server says nothing.
int should_end(void* given_up, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const std::atomic<bool>*>(given_up)->load() ? 1 : 0;
}

using session = std::unique_ptr<CURL, decltype(&::curl_easy_cleanup)>;
using recipients = std::unique_ptr<curl_slist, decltype(&::curl_slist_free_all)>;

session make_session() {
    static const auto ready = ::curl_global_init(CURL_GLOBAL_DEFAULT);
    return {ready == CURLE_OK ? ::curl_easy_init() : nullptr, ::curl_easy_cleanup};
}

}  // namespace

result<void, send_failure> send(const config::mail_settings& settings,
                                const secret_string& password, const std::string& to,
                                const std::string& text, const std::atomic<bool>& given_up) {
    const auto curl = make_session();
    if (!curl) return send_failure{false, "mail cannot be sent: there is no memory for it"};
    const recipients list(::curl_slist_append(nullptr, ("<" + to + ">").c_str()),
                          ::curl_slist_free_all);
    rest body{text};
    char why[CURL_ERROR_SIZE] = "";
    const auto set = [&](CURLoption option, auto value) {
        ::curl_easy_setopt(curl.get(), option, value);
    };
    set(CURLOPT_URL, settings.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!settings.ca_file.empty()) set(CURLOPT_CAINFO, settings.ca_file.c_str());
    if (!settings.user.empty()) {
        set(CURLOPT_USERNAME, settings.user.c_str());
        std::string revealed(password.reveal());
        set(CURLOPT_PASSWORD, revealed.c_str());  // libcurl keeps a copy of its own
        wipe(revealed);
    }
    set(CURLOPT_MAIL_FROM, ("<" + settings.from + ">").c_str());
    set(CURLOPT_MAIL_RCPT, list.get());
    set(CURLOPT_READFUNCTION, &read_some);
    set(CURLOPT_READDATA, &body);
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_XFERINFOFUNCTION, &should_end);
    set(CURLOPT_XFERINFODATA, &given_up);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT, connect_seconds);
    set(CURLOPT_TIMEOUT, whole_seconds);
    set(CURLOPT_ERRORBUFFER, &why[0]);
    const auto done = ::curl_easy_perform(curl.get());
    if (done == CURLE_OK) return {};
    const std::string said = why[0] != '\0' ? &why[0] : ::curl_easy_strerror(done);
    return send_failure{said.starts_with("RCPT failed: 5"), settings.url + ": " + said};
}

}  // namespace kommpass::idp::mail
