#include "directory/diagnosis/report.hpp"

#include <algorithm>
#include <stdexcept>

namespace kommpass::directory::diagnosis {

const message& message_of(std::string_view id) {
    const auto all = every_message();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const message& one) { return one.id == id; });
    if (found == all.end()) throw std::logic_error("no message " + std::string(id));
    return *found;
}

std::string text_of(const finding& one, language lang) {
    std::string text(lang != language::en ? one.what->de : one.what->en);
    const auto place = text.find("{}");
    if (place != std::string::npos) text.replace(place, 2, one.detail);
    return text;
}

std::string_view remedy_of(const finding& one, language lang) noexcept {
    return lang != language::en ? one.what->remedy_de : one.what->remedy_en;
}

void report::add(std::string_view id, std::string subject, std::string detail,
                 std::chrono::microseconds took) {
    findings_.push_back({&message_of(id), std::move(subject), std::move(detail), took});
}

bool report::failed() const noexcept {
    return std::any_of(findings_.begin(), findings_.end(),
                       [](const finding& one) { return one.what->level == level::failure; });
}

bool report::has(std::string_view id) const noexcept {
    return std::any_of(findings_.begin(), findings_.end(),
                       [&](const finding& one) { return one.what->id == id; });
}

}  // namespace kommpass::directory::diagnosis
