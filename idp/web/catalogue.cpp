#include "idp/web/catalogue.hpp"

#include "idp/web/embedded_assets.hpp"

#include <toml++/toml.h>

#include <stdexcept>

namespace kommpass::idp::web {
namespace {

std::string_view source_of(std::string_view tag) {
    for (const auto& asset : embedded_assets()) {
        if (asset.kind == "text" && asset.path == tag) return asset.content;
    }
    throw std::out_of_range("no texts for language " + std::string(tag));
}

}  // namespace

catalogue::catalogue(std::string_view toml, const catalogue* fallback) : fallback_(fallback) {
    const auto whole = toml::parse(toml);
    for (const auto& [key, node] : whole) {
        if (const auto* words = node.as_string()) own_.emplace(key.str(), words->get());
        if (const auto* truth = node.as_boolean()) checked_ = truth->get();
        const auto* table = node.as_table();
        if (table == nullptr) continue;
        for (const auto& [inner, value] : *table) {
            own_.emplace(std::string(key.str()) + "." + std::string(inner.str()),
                         value.value_or(std::string()));
        }
    }
}

const catalogue& catalogue::of(language wanted) {
    static const catalogue german(source_of("de"), nullptr);
    static const catalogue english(source_of("en"), &german);
    static const catalogue lower_sorbian(source_of("dsb"), &german);
    switch (wanted) {
        case language::de:
            return german;
        case language::en:
            return english;
        case language::dsb:
            return lower_sorbian;
    }
    return german;
}

const std::string& catalogue::text(std::string_view key) const {
    const auto found = own_.find(key);
    if (found != own_.end()) return found->second;
    if (fallback_ != nullptr) return fallback_->text(key);
    throw std::out_of_range("no text for " + std::string(key));
}

}  // namespace kommpass::idp::web
