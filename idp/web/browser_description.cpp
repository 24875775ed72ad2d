#include "idp/web/browser_description.hpp"

#include "idp/web/catalogue.hpp"

#include <array>

namespace kommpass::idp::web {
namespace {

using mark = std::pair<std::string_view, std::string_view>;

// The first that occurs wins: nearly every browser also names older ones.
constexpr std::array<mark, 7> browsers{{{"Edg/", "Edge"},
                                        {"OPR/", "Opera"},
                                        {"SamsungBrowser/", "Samsung Internet"},
                                        {"Firefox/", "Firefox"},
                                        {"Chromium/", "Chromium"},
                                        {"Chrome/", "Chrome"},
                                        {"Safari/", "Safari"}}};
constexpr std::array<mark, 6> systems{{{"Windows", "Windows"},
                                       {"Android", "Android"},
                                       {"iPhone", "iPhone"},
                                       {"iPad", "iPad"},
                                       {"Mac OS X", "macOS"},
                                       {"Linux", "Linux"}}};

template <std::size_t Size>
std::string_view named(const std::array<mark, Size>& marks, std::string_view user_agent) {
    for (const auto& [sign, name] : marks) {
        if (user_agent.find(sign) != std::string_view::npos) return name;
    }
    return {};
}

}  // namespace

std::string browser_description(std::string_view user_agent, language lang) {
    const auto& words = catalogue::of(lang);
    const auto browser = named(browsers, user_agent);
    const auto system = named(systems, user_agent);
    std::string text(browser.empty() ? std::string_view(words.text("browser.unknown")) : browser);
    if (!system.empty())
        text.append(" ").append(words.text("browser.on")).append(" ").append(system);
    return text;
}

}  // namespace kommpass::idp::web
