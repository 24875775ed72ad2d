#include "idp/web/role_power.hpp"

#include "idp/web/catalogue.hpp"

namespace kommpass::idp::web {

std::string role_power_sentence(language lang, const std::string& role, const std::string& member,
                                const std::string& reason) {
    const auto& words = catalogue::of(lang);
    auto sentence = words.text("consent.detail_role") + " \u201e" + role + "\u201c " +
                    words.text("consent.detail_for") + " " + member;
    if (!reason.empty()) sentence += ". " + words.text("consent.detail_reason") + " " + reason;
    return sentence;
}

}  // namespace kommpass::idp::web
