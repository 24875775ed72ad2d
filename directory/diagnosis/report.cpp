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

const message& milder(const message& one) {
    static const auto all = [] {
        const auto as_said = every_message();
        std::vector<message> made(as_said.begin(), as_said.end());
        for (auto& each : made) each.level = std::min(each.level, level::warning);
        return made;
    }();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const message& each) { return each.id == one.id; });
    return found == all.end() ? one : *found;
}

bool is_slow(std::chrono::microseconds took, std::chrono::milliseconds deadline) noexcept {
    return 5 * took >= deadline;
}

std::string in_milliseconds(std::chrono::microseconds took) {
    return std::to_string(took.count() / 1000) + " ms";
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
                 std::chrono::microseconds took, bool another_way_works) {
    const auto& what = message_of(id);
    findings_.push_back(
        {another_way_works ? &milder(what) : &what, std::move(subject), std::move(detail), took});
}

void report::append(const report& other, bool another_way_works) {
    for (auto one : other.findings_) {
        if (another_way_works) one.what = &milder(*one.what);
        findings_.push_back(std::move(one));
    }
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
