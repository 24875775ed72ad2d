#include "idp/store/sql/statement.hpp"

#include <algorithm>
#include <cstdint>

namespace kommpass::idp::store::sql {

long long hash_key(std::string_view hash) noexcept {
    std::uint64_t key = 0;
    for (const char byte : hash.substr(0, sizeof key))
        key = key << 8 | static_cast<unsigned char>(byte);
    return static_cast<long long>(key);
}

void statement::bind(int at, const std::vector<std::string>& words) {
    if (words.size() == 1) return bind(at, std::string_view(words.front()));
    std::string joined;
    for (const auto& word : words) {
        if (!joined.empty()) joined += ' ';
        joined += word;
    }
    prepared_->bind_text(at, joined, prepared::bytes_are::passing);
}

void rows::get(int at, std::vector<std::string>& words) const {
    words.clear();
    auto rest = of_.bytes(at);
    while (!rest.empty()) {
        const auto end = std::min(rest.find(' '), rest.size());
        words.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}

}  // namespace kommpass::idp::store::sql
