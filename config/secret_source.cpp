#include "config/secret_source.hpp"

#include <cstdlib>
#include <fstream>

namespace kommpass::config {

result<secret_string, secret_error> read_secret(const std::string& file,
                                                const std::string& variable) {
    if (!file.empty()) {
        std::ifstream in(file, std::ios::binary);
        std::string line;
        if (!in || !std::getline(in, line))
            return secret_error{"the secret in " + file + " cannot be read"};
        if (!line.empty() && line.back() == '\r') line.pop_back();
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
