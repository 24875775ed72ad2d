#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass {

// A parsed distinguished name (RFC 4514). Two DNs are compared parsed and normalised, never as
// text: attribute types without case, by name or number (RFC 4514, 3), values with escapes undone
// and prepared as caseIgnoreMatch has it (RFC 4518: `prepared`). Multi-valued RDNs compare
// regardless of order.
class distinguished_name {
public:
    // Nothing for text that RFC 4514 does not allow, or over 2,048 bytes.
    [[nodiscard]] static std::optional<distinguished_name> parse(std::string_view text);

    // Equal names have the equal string: the key for maps and comparison.
    [[nodiscard]] const std::string& normalised() const noexcept { return normalised_; }
    // True for the base itself and everything below it.
    [[nodiscard]] bool is_within(const distinguished_name& base) const noexcept;
    // The normalised forms of the name itself and of every name above it, nearest first; as long as
    // this object lives.
    template <class Visit>
    void for_each_base(Visit visit) const {
        std::string_view rest = normalised_;
        for (const auto& rdn : rdns_) {
            visit(rest);
            rest.remove_prefix(std::min(rest.size(), rdn.size() + 1));
        }
    }
    // What the first RDN asserts: a set, so sorted by type and value. Types in lower case, values
    // unescaped in their own spelling: "cn=Meldeamt,ou=..." gives {{"cn", "Meldeamt"}}.
    struct assertion {
        std::string type;
        std::string value;
    };
    [[nodiscard]] const std::vector<assertion>& leaf() const noexcept { return leaf_; }
    // The value of the first RDN; where it has several, that of cn, else the first in `leaf`.
    // Empty for the root.
    [[nodiscard]] std::string leaf_value() const;

    friend bool operator==(const distinguished_name& a, const distinguished_name& b) noexcept {
        return a.normalised_ == b.normalised_;
    }

private:
    std::vector<std::string> rdns_;  // normalised, leaf first
    std::string normalised_;
    std::vector<assertion> leaf_;
};

}  // namespace kommpass
