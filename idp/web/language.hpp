#pragma once

#include "config/vocabulary/language.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace kommpass::idp::web {

using kommpass::language;

// Their tags (BCP 47), once: for choosing, for pages and for discovery.
inline constexpr std::array<std::pair<std::string_view, language>, 3> language_tags{
    {{"de", language::de}, {"en", language::en}, {"dsb", language::dsb}}};

[[nodiscard]] std::string_view tag_of(language) noexcept;
// From the language cookie (what the person chose on a page), else `ui_locales` (what the
// application asks for; space-separated, first that we have), else Accept-Language, else German.
[[nodiscard]] language choose_language(std::string_view ui_locales, std::string_view cookie,
                                       std::string_view accept_language);

}  // namespace kommpass::idp::web
