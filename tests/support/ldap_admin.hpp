#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

struct ldap;

namespace kommpass::tests {

// An administrator of a directory, who changes it while the test runs. Blocks; throws
// std::runtime_error with the server's words.
class ldap_admin {
public:
    ldap_admin(const std::string& url, const std::string& dn, const std::string& password);
    ~ldap_admin();
    ldap_admin(const ldap_admin&) = delete;

    using attributes = std::vector<std::pair<std::string, std::vector<std::string>>>;
    void add(const std::string& dn, const attributes&);
    // Replaces the values; none: removes the attribute.
    void replace(const std::string& dn, const std::string& attribute,
                 const std::vector<std::string>& values);
    void remove(const std::string& dn);
    // `parent` empty: stays where it is.
    void rename(const std::string& dn, const std::string& new_rdn, const std::string& parent = {});
    // The values of an attribute of one entry, as bytes.
    [[nodiscard]] std::vector<std::string> read(const std::string& dn,
                                                const std::string& attribute);

private:
    ldap* handle_ = nullptr;
};

}  // namespace kommpass::tests
