// The names and domains of members, against each other: what people choose by before they type a
// password, and what applications tell them apart by.
#include "config/vocabulary/look_alike.hpp"
#include "config/vocabulary/prepared_string.hpp"
#include "policies/validation.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace kommpass::policies {
namespace {

// "Lübben" is read as "Lubben" by some and as "Luebben" by others.
std::set<std::string> read_as(const std::string& name) {
    using spelling = std::pair<std::string_view, std::string_view>;
    constexpr std::array<spelling, 3> umlauts{{{"ä", "ae"}, {"ö", "oe"}, {"ü", "ue"}}};
    auto spelled_out = prepared(name);
    for (const auto& [umlaut, letters] : umlauts) {
        for (auto at = spelled_out.find(umlaut); at != std::string::npos;
             at = spelled_out.find(umlaut))
            spelled_out.replace(at, umlaut.size(), letters);
    }
    return {look_alike(name), look_alike(spelled_out)};
}

// A domain keeps what stands between its letters.
std::string domain_read_as(std::string_view domain) {
    std::string all;
    while (!domain.empty()) {
        const auto end = std::min(domain.find_first_of(".-"), domain.size());
        all += look_alike(domain.substr(0, end));
        if (end < domain.size()) all += domain[end];
        domain.remove_prefix(std::min(end + 1, domain.size()));
    }
    return all;
}

// What people and applications know one member by.
class known_names {
public:
    explicit known_names(config::mistakes& wrong) : wrong_(wrong) {}

    void add(const member& one) {
        for (const auto* name : {&one.name.de, &one.name.en, &one.name_variant}) {
            if (!name->empty()) add_name(one.slug, *name);
        }
        for (const auto& domain : one.domains) add_domain(one.slug, domain);
    }

private:
    void say(const member_slug& of, std::string text) {
        wrong_.push_back({"members/" + of.str(), 0, std::move(text)});
    }

    void add_name(const member_slug& of, const std::string& name) {
        if (prepared_keeping_case(name) != name || look_alike(name).empty()) {
            return say(of,
                       "name \"" + name +
                           "\" has characters that nobody sees, or that stand for others: write "
                           "it with plain letters and one blank between words");
        }
        if (!has_latin_letters_only(name)) {
            return say(of, "name \"" + name +
                               "\" has letters of another script, which can look like others: "
                               "write it with Latin ones");
        }
        for (const auto& read : read_as(name)) {
            const auto& [owner, other] = names_.emplace(read, std::pair(of, name)).first->second;
            if (owner == of) continue;
            return say(of, "name \"" + name + "\" can be taken for \"" + other + "\" of member \"" +
                               owner.str() +
                               "\": add what tells them apart, such as \"Amt\" or the district");
        }
    }

    void add_domain(const member_slug& of, const std::string& domain) {
        if (!has_latin_letters_only(domain)) {
            return say(of, "domain \"" + domain +
                               "\" has letters of another script, which can look like others: "
                               "leave it out");
        }
        const auto found = domains_.emplace(domain_read_as(domain), std::pair(of, domain)).first;
        const auto& [owner, other] = found->second;
        if (owner == of || other == domain) return;  // the same one: `validate` says so
        say(of, "domain \"" + domain + "\" can be taken for \"" + other + "\" of member \"" +
                    owner.str() + "\": ask who owns both, and leave one out");
    }

    config::mistakes& wrong_;
    std::map<std::string, std::pair<member_slug, std::string>> names_;  // by what they are read as
    std::map<std::string, std::pair<member_slug, std::string>> domains_;  // likewise
};

}  // namespace

void validate_names(const registry& all, config::mistakes& wrong) {
    known_names known(wrong);
    for (const auto& [slug, one] : all.members) known.add(one);
}

}  // namespace kommpass::policies
