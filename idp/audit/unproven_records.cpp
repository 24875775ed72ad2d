#include "idp/audit/unproven_records.hpp"

#include "idp/audit/events.hpp"

#include <fmt/chrono.h>
#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace kommpass::idp::audit {
namespace {

constexpr std::string_view summed = "summed";

bool is_unproven(const store::audit_record& one) {
    if (!one.person.empty()) return false;
    // What a code or token that is over, or was answered before, says again changes nothing.
    if (one.event == name_of(event::code_replayed)) return one.result == "again";
    if (one.event == name_of(event::refresh_token_rotated)) return one.result == "repeated";
    return one.event == name_of(event::sign_in_failure) ||
           one.event == name_of(event::sign_in_throttled) ||
           one.event == name_of(event::token_refused) ||
           one.event == name_of(event::authorization_refused) ||
           (one.result != "ok" && (one.event == name_of(event::password_changed) ||
                                   one.event == name_of(event::break_glass_used) ||
                                   one.event == name_of(event::invitation_used)));
}

// Whoever has one IPv6 address has the 64 bits below it.
std::string source_of(const std::string& address) {
    boost::system::error_code no_address;
    auto parsed = boost::asio::ip::make_address(address, no_address);
    if (no_address || parsed.is_v4()) return address;
    auto v6 = parsed.to_v6();
    if (v6.is_v4_mapped())
        return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6).to_string();
    auto bytes = v6.to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
    return boost::asio::ip::make_address_v6(bytes).to_string() + "/64";
}

std::string key_of(const store::audit_record& one, const std::string& source) {
    return one.event + '\n' + one.member.str() + '\n' + one.client.str() + '\n' + source;
}

std::string text_of(instant at) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", std::chrono::floor<std::chrono::seconds>(at));
}

}  // namespace

bool unproven_records::lets_through(const store::audit_record& one) {
    if (!is_unproven(one)) return true;
    const auto source = source_of(one.address);
    const std::lock_guard lock(mutex_);
    const auto now = time_.now();
    begin_anew_if_over(now);
    auto like = one;
    like.address = source;
    if (written_ >= most_of_all) {
        like.address.clear();
        like.client = client_id();
    } else if (auto& of_source = written_of_source_[source]; of_source >= most_of_source) {
        like.client = client_id();
    } else if (auto& alike = written_alike_[key_of(one, source)]; alike < most_alike) {
        ++written_;
        ++of_source;
        ++alike;
        return true;
    }
    auto& counted = counted_[key_of(like, like.address)];
    if (counted.number++ == 0) {
        counted.like = std::move(like);
        counted.first = now;
    }
    counted.last = now;
    return false;
}

std::vector<store::audit_record> unproven_records::sums() {
    const std::lock_guard lock(mutex_);
    const auto now = time_.now();
    begin_anew_if_over(now);
    std::vector<store::audit_record> told;
    for (const auto& [key, one] : counted_) {
        auto record = one.like;
        const auto number = std::to_string(one.number);
        record.at = now;
        record.result = summed;
        record.request.clear();
        record.detail_json = detail({{"description", number + " more like it"},
                                     {"more", number},
                                     {"from", text_of(one.first)},
                                     {"until", text_of(one.last)}});
        told.push_back(std::move(record));
    }
    told_ = std::exchange(counted_, {});
    return told;
}

void unproven_records::take_back() {
    const std::lock_guard lock(mutex_);
    for (auto& [key, one] : std::exchange(told_, {})) {
        const auto [at, is_new] = counted_.try_emplace(key, one);
        if (is_new) continue;
        at->second.number += one.number;
        at->second.first = one.first;
    }
}

// A clock that was put back begins a window as well: it would last for ever otherwise. What was
// counted stays until it is told.
void unproven_records::begin_anew_if_over(instant now) {
    if (began_ <= now && now < began_ + window) return;
    began_ = now;
    written_ = 0;
    written_alike_.clear();
    written_of_source_.clear();
}

long long happenings_in(const store::audit_record& one) {
    if (one.result != summed) return 1;
    const auto text = detail_text(one.detail_json, "more");
    long long number = 0;
    const auto* end = text.data() + text.size();
    const bool read = std::from_chars(text.data(), end, number).ptr == end && number > 0;
    return read ? number : 1;
}

}  // namespace kommpass::idp::audit
