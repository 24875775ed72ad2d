#pragma once

#include <string_view>
#include <vector>

namespace kommpass::idp::web {

// A file that was compiled into the binary (embed_assets.mjs).
struct embedded_asset {
    std::string_view kind;  // "template", "text", "stylesheet", "logo", "font"
    std::string_view path;  // the template's or language's name, or the address under /static/
    std::string_view content_type;
    std::string_view content;
};
[[nodiscard]] const std::vector<embedded_asset>& embedded_assets();

}  // namespace kommpass::idp::web
