#include "idp/gateway/sealed_fields.hpp"

#include "idp/jose/key_ring.hpp"

namespace kommpass::idp::gateway {

std::string seal_fields(const jose::key_ring& keys, std::string_view purpose,
                        const std::vector<std::string>& fields) {
    std::string text;
    for (const auto& one : fields) text += one + "\n";
    return keys.seal(purpose, text);
}

std::optional<std::vector<std::string>> open_fields(const jose::key_ring& keys,
                                                    std::string_view purpose,
                                                    std::string_view sealed, std::size_t count) {
    const auto text = keys.open(purpose, sealed);
    if (!text) return std::nullopt;
    std::vector<std::string> fields;
    std::string_view left(*text);
    while (!left.empty()) {
        const auto end = left.find('\n');
        if (end == std::string_view::npos) return std::nullopt;
        fields.emplace_back(left.substr(0, end));
        left.remove_prefix(end + 1);
    }
    if (fields.size() != count) return std::nullopt;
    return fields;
}

}  // namespace kommpass::idp::gateway
