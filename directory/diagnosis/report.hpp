#pragma once

#include "config/vocabulary/language.hpp"

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::directory::diagnosis {

enum class level { ok, note, warning, failure };

// One kind of thing that a diagnosis can find, with its words. "{}" in a text is the place of what
// was found. The id is stable: the trouble-shooting page is ordered by it.
struct message {
    std::string_view id;
    diagnosis::level level;
    std::string_view de;
    std::string_view en;
    std::string_view remedy_de;  // empty where there is nothing to do
    std::string_view remedy_en;
};

[[nodiscard]] std::span<const message> every_message() noexcept;
// Throws std::logic_error for an id that is not in the table.
[[nodiscard]] const message& message_of(std::string_view id);
// The same words as a warning: for what would be a failure, were there not another way.
[[nodiscard]] const message& milder(const message&);

struct finding {
    const message* what = nullptr;
    std::string subject;  // the server, the base or the person that it is about
    std::string detail;   // fills the text's "{}"
    std::chrono::microseconds took{0};
};

using kommpass::language;
[[nodiscard]] std::string text_of(const finding&, language);
[[nodiscard]] std::string_view remedy_of(const finding&, language) noexcept;

// An answer that takes a fifth of what a whole sign-in may take will not do once everybody signs in
// at eight.
[[nodiscard]] bool is_slow(std::chrono::microseconds took,
                           std::chrono::milliseconds deadline) noexcept;
[[nodiscard]] std::string in_milliseconds(std::chrono::microseconds);  // "1200 ms"

class report {
public:
    void add(std::string_view id, std::string subject, std::string detail = {},
             std::chrono::microseconds took = {}, bool another_way_works = false);
    // What another report found; its failures as warnings where there is another way.
    void append(const report&, bool another_way_works);
    [[nodiscard]] const std::vector<finding>& findings() const noexcept { return findings_; }
    [[nodiscard]] bool failed() const noexcept;
    [[nodiscard]] bool has(std::string_view id) const noexcept;

private:
    std::vector<finding> findings_;
};

}  // namespace kommpass::directory::diagnosis
