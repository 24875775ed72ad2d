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

catalogue::catalogue(std::initializer_list<std::string_view> sources, const catalogue* fallback)
    : fallback_(fallback) {
    for (const auto source : sources) add(source);
}

void catalogue::add(std::string_view source) {
    const auto whole = toml::parse(source);
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
    static const catalogue german({source_of("de"), source_of("console.de"),
                                   source_of("refusals.de"), source_of("upkeep.de")},
                                  nullptr);
    static const catalogue english({source_of("en"), source_of("console.en"),
                                    source_of("refusals.en"), source_of("upkeep.en")},
                                   &german);
    static const catalogue lower_sorbian({source_of("dsb")}, &german);
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

const std::string* catalogue::find(std::string_view key) const {
    const auto found = own_.find(key);
    if (found != own_.end()) return &found->second;
    return fallback_ == nullptr ? nullptr : fallback_->find(key);
}

const std::string& catalogue::text(std::string_view key) const {
    if (const auto* found = find(key)) return *found;
    throw std::out_of_range("no text for " + std::string(key));
}

}  // namespace kommpass::idp::web
