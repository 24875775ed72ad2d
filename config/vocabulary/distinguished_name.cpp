#include "config/vocabulary/distinguished_name.hpp"

#include "config/vocabulary/name_folding.hpp"
#include "config/vocabulary/prepared_string.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace kommpass {
namespace {

constexpr std::size_t longest = 2048;

bool is_attribute_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Separators inside a value are escaped again, so that equal strings mean equal names.
void append_escaped(std::string& out, std::string_view value) {
    for (const char c : value) {
        if (c == ',' || c == '+' || c == '=' || c == '\\') out.push_back('\\');
        out.push_back(c);
    }
}

// The types that have a short name (RFC 4514, 3), however they are written: a server answers with
// the one that it likes.
std::string short_type(std::string type) {
    static constexpr std::array<std::array<std::string_view, 3>, 9> known{{
        {"cn", "commonname", "2.5.4.3"},
        {"l", "localityname", "2.5.4.7"},
        {"st", "stateorprovincename", "2.5.4.8"},
        {"o", "organizationname", "2.5.4.10"},
        {"ou", "organizationalunitname", "2.5.4.11"},
        {"c", "countryname", "2.5.4.6"},
        {"street", "streetaddress", "2.5.4.9"},
        {"dc", "domaincomponent", "0.9.2342.19200300.100.1.25"},
        {"uid", "userid", "0.9.2342.19200300.100.1.1"},
    }};
    for (const auto& names : known) {
        if (type == names[1] || type == names[2]) return std::string(names[0]);
    }
    return type;
}

using assertion = distinguished_name::assertion;

// Reads one DN from front to back (RFC 4514, 3).
class reader {
public:
    explicit reader(std::string_view text) : rest_(text) {}

    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    bool take(char expected) {
        if (rest_.empty() || rest_.front() != expected) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void skip_spaces() {
        while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
    }

    std::optional<assertion> read_assertion() {
        skip_spaces();
        assertion read;
        while (!rest_.empty() && is_attribute_character(rest_.front())) {
            read.type.push_back(rest_.front());
            rest_.remove_prefix(1);
        }
        skip_spaces();
        if (read.type.empty() || !take('=')) return std::nullopt;
        skip_spaces();
        auto value = rest_.starts_with('#') ? read_hex_value() : read_value();
        if (!value) return std::nullopt;
        read.type = short_type(lower_case(read.type));
        read.value = std::move(*value);
        return read;
    }

private:
    // "#04024869": kept as its text, since only the schema could say what it means.
    std::optional<std::string> read_hex_value() {
        std::string text{"#"};
        take('#');
        while (!rest_.empty() && hex_value(rest_.front()) >= 0) {
            text.push_back(rest_.front());
            rest_.remove_prefix(1);
        }
        if (text.size() < 3 || text.size() % 2 == 0) return std::nullopt;
        skip_spaces();
        return text;
    }

    std::optional<std::string> read_value() {
        std::string value;
        std::size_t kept = 0;  // escaped spaces at the end stay
        while (!rest_.empty() && rest_.front() != ',' && rest_.front() != '+') {
            const char c = rest_.front();
            if (c == '\\') {
                const auto unescaped = read_escape();
                if (!unescaped) return std::nullopt;
                value.push_back(*unescaped);
                kept = value.size();
                continue;
            }
            if (c == '"' || c == ';' || c == '<' || c == '>' || c == '\0') return std::nullopt;
            value.push_back(c);
            if (c != ' ') kept = value.size();
            rest_.remove_prefix(1);
        }
        value.resize(kept);
        return value;
    }

    std::optional<char> read_escape() {
        take('\\');
        if (rest_.empty()) return std::nullopt;
        const int high = hex_value(rest_.front());
        if (high >= 0) {
            const int low = rest_.size() > 1 ? hex_value(rest_[1]) : -1;
            if (low < 0) return std::nullopt;
            rest_.remove_prefix(2);
            return static_cast<char>(high * 16 + low);
        }
        static constexpr std::string_view special = " \"#+,;<=>\\";
        const char c = rest_.front();
        if (special.find(c) == std::string_view::npos) return std::nullopt;
        rest_.remove_prefix(1);
        return c;
    }

    std::string_view rest_;
};

std::string normalised_rdn(std::vector<assertion> parts) {
    std::vector<std::string> texts;
    for (const auto& part : parts) {
        std::string text = part.type + "=";
        append_escaped(text, prepared(part.value));
        texts.push_back(std::move(text));
    }
    std::sort(texts.begin(), texts.end());
    std::string whole;
    for (const auto& text : texts) {
        if (!whole.empty()) whole.push_back('+');
        whole.append(text);
    }
    return whole;
}

}  // namespace

std::optional<distinguished_name> distinguished_name::parse(std::string_view text) {
    if (text.size() > longest) return std::nullopt;
    distinguished_name name;
    reader from(text);
    from.skip_spaces();
    if (from.at_end()) return name;  // the root's empty DN
    do {
        std::vector<assertion> parts;
        do {
            auto part = from.read_assertion();
            if (!part) return std::nullopt;
            parts.push_back(std::move(*part));
        } while (from.take('+'));
        if (name.rdns_.empty()) name.leaf_ = parts;
        name.rdns_.push_back(normalised_rdn(std::move(parts)));
    } while (from.take(','));
    if (!from.at_end()) return std::nullopt;
    std::sort(name.leaf_.begin(), name.leaf_.end(), [](const auto& a, const auto& b) {
        return std::tie(a.type, a.value) < std::tie(b.type, b.value);
    });

    for (const auto& rdn : name.rdns_) {
        if (!name.normalised_.empty()) name.normalised_.push_back(',');
        name.normalised_.append(rdn);
    }
    return name;
}

std::string distinguished_name::leaf_value() const {
    const auto cn = std::find_if(leaf_.begin(), leaf_.end(),
                                 [](const assertion& one) { return one.type == "cn"; });
    if (cn != leaf_.end()) return cn->value;
    return leaf_.empty() ? std::string() : leaf_.front().value;
}

bool distinguished_name::is_within(const distinguished_name& base) const noexcept {
    if (base.rdns_.size() > rdns_.size()) return false;
    return std::equal(base.rdns_.rbegin(), base.rdns_.rend(), rdns_.rbegin());
}

}  // namespace kommpass
