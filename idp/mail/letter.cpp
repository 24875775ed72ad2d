#include "idp/mail/letter.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace kommpass::idp::mail {
namespace {

constexpr std::size_t longest_address = 254;
// Whole characters only; "Subject: " and the encoded word make a line of at most 76 (RFC 2047, 2).
constexpr std::size_t longest_word = 39;
constexpr std::size_t bytes_a_line = 57;  // 76 characters of Base64

// RFC 4648, 4.
std::string base64(std::string_view bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const auto size = ::EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                        reinterpret_cast<const unsigned char*>(bytes.data()),
                                        static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::string encoded_subject(std::string_view text) {
    std::string all;
    while (!text.empty()) {
        auto size = std::min(longest_word, text.size());
        while (size < text.size() && size > 1 && !begins_character(text[size])) --size;
        all += (all.empty() ? "" : "\r\n ") + std::string("=?UTF-8?B?") +
               base64(text.substr(0, size)) + "?=";
        text.remove_prefix(size);
    }
    return all;
}

std::string encoded_text(const std::string& text) {
    std::string lines;
    for (const char c : text) lines += c == '\n' ? std::string("\r\n") : std::string(1, c);
    std::string all;
    for (std::size_t at = 0; at < lines.size(); at += bytes_a_line)
        all += base64(std::string_view(lines).substr(at, bytes_a_line)) + "\r\n";
    return all;
}

// RFC 5322, 3.3; always UTC.
std::string date_of(instant now) {
    constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t seconds = to_unix_seconds(now);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 32> rest{};
    const auto size = std::strftime(rest.data(), rest.size(), " %Y %H:%M:%S +0000", &parts);
    return std::string(days.at(static_cast<std::size_t>(parts.tm_wday))) + ", " +
           std::to_string(parts.tm_mday) + " " + months.at(static_cast<std::size_t>(parts.tm_mon)) +
           std::string(rest.data(), size);
}

}  // namespace

bool is_address(std::string_view text) noexcept {
    const auto at = text.find('@');
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
        return c > ' ' && c < 0x7f &&
               std::string_view("<>()[],;:\\\"").find(c) == std::string_view::npos;
    });
    return plain && text.size() <= longest_address && at != 0 && at != std::string_view::npos &&
           at + 1 < text.size() && text.find('@', at + 1) == std::string_view::npos;
}

std::string encoded(const letter& one, std::string_view from, std::string_view id, instant now) {
    const std::string sender(from);
    return "Date: " + date_of(now) + "\r\nFrom: Kommpass <" + sender + ">\r\nTo: <" + one.to +
           ">\r\nMessage-ID: <" + std::string(id) + sender.substr(sender.find('@')) +
           ">\r\nSubject: " + encoded_subject(one.subject) +
           "\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
           "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
           encoded_text(one.text);
}

}  // namespace kommpass::idp::mail
