#include "config/secret_source.hpp"

#include <cstdlib>
#include <fstream>
#include <string_view>

namespace kommpass::config {
namespace {

// Windows editors put a byte order mark before the text, or write UTF-16: the mark of UTF-8 is no
// part of the secret, and UTF-16 is said rather than sent as a wrong password.
bool is_utf16(std::string_view line) {
    return line.substr(0, 2) == "\xFF\xFE" || line.substr(0, 2) == "\xFE\xFF" ||
           line.find('\0') != std::string_view::npos;
}

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";

}  // namespace

result<secret_string, secret_error> read_secret(const std::string& file,
                                                const std::string& variable) {
    if (!file.empty()) {
        std::ifstream in(file, std::ios::binary);
        std::string line;
        if (!in || !std::getline(in, line))
            return secret_error{"the secret in " + file +
                                " cannot be read; check that it is there, its owner and mode"};
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (line.compare(0, utf8_mark.size(), utf8_mark) == 0) line.erase(0, utf8_mark.size());
        if (is_utf16(line)) {
            return secret_error{file +
                                " is written in UTF-16, or has bytes of value zero; save it as "
                                "UTF-8 text"};
        }
        if (line.empty())
            return secret_error{"the first line of " + file + " is empty; it must be the secret"};
        return secret_string(std::move(line));
    }
    const char* value = variable.empty() ? nullptr : std::getenv(variable.c_str());
    if (value == nullptr || *value == '\0') {
        return secret_error{
            "no secret: neither a file is named, nor is the environment variable \"" + variable +
            "\" set"};
    }
    return secret_string(std::string_view(value));
}

}  // namespace kommpass::config
