#include "idp/store/outbox.hpp"

#include <algorithm>
#include <stdexcept>

namespace kommpass::idp::store {
namespace {

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

}  // namespace

void check_outbox_entry(std::string_view topic, std::string_view payload_json) {
    if (topic.empty()) throw std::invalid_argument("an outbox entry without a topic");
    if (payload_json.size() > outbox_entry::largest_payload)
        throw std::invalid_argument("an outbox entry of more than 64 KiB");
}

std::string kept_error(std::string_view error) {
    auto size = std::min(error.size(), outbox_entry::longest_error);
    if (size < error.size())
        while (size > 0 && continues_character(error[size])) --size;
    std::string kept(error.substr(0, size));
    std::ranges::replace(kept, '\0', ' ');
    return kept;
}

}  // namespace kommpass::idp::store
