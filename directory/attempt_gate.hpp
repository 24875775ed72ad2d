#pragma once

#include <chrono>
#include <string>

namespace kommpass::directory {

// Whoever counts guessing, asked when the entry for a typed name is known and before a password
// goes to the directory. So guessing is counted for the person, whatever was typed.
class attempt_gate {
public:
    struct verdict {
        std::chrono::milliseconds wait{0};  // zero: the attempt may go on
        // This browser has signed in as that person before: strangers' wrong attempts do not stand
        // in its way.
        bool is_known_browser = false;
    };
    virtual ~attempt_gate() = default;

    // Once for each typed password. `account`: the entry's immutable id, or one form of all
    // spellings of a name that is nobody's or more than one person's; unique within the member.
    [[nodiscard]] virtual verdict admit(const std::string& account) = 0;
};

// Lets everybody through: for tests and for tools that guess nothing.
class open_gate final : public attempt_gate {
public:
    [[nodiscard]] verdict admit(const std::string&) override { return {}; }
};

// The account of an entry, as a gate and the lock-out guard count it.
[[nodiscard]] inline std::string account_of_id(const std::string& id) { return "id\n" + id; }
[[nodiscard]] inline std::string account_of_name(const std::string& name) {
    return "name\n" + name;
}

}  // namespace kommpass::directory
