#include "tests/support/ldap_admin.hpp"

#include <ldap.h>

#include <stdexcept>

namespace kommpass::tests {
namespace {

void demand(int code, const std::string& what) {
    if (code != LDAP_SUCCESS) throw std::runtime_error(what + ": " + ldap_err2string(code));
}

// LDAPMod wants pointers that somebody keeps.
struct change {
    change(int operation, const std::string& attribute, const std::vector<std::string>& values) {
        for (const auto& value : values)
            bytes.push_back({value.size(), const_cast<char*>(value.data())});
        for (auto& one : bytes) pointers.push_back(&one);
        pointers.push_back(nullptr);
        mod.mod_op = operation | LDAP_MOD_BVALUES;
        mod.mod_type = const_cast<char*>(attribute.c_str());
        mod.mod_bvalues = values.empty() ? nullptr : pointers.data();
    }
    change(const change&) = delete;
    std::vector<berval> bytes;
    std::vector<berval*> pointers;
    LDAPMod mod{};
};

}  // namespace

ldap_admin::ldap_admin(const std::string& url, const std::string& dn, const std::string& password) {
    demand(ldap_initialize(&handle_, url.c_str()), "ldap_initialize");
    const int version = LDAP_VERSION3;
    ldap_set_option(handle_, LDAP_OPT_PROTOCOL_VERSION, &version);
    const int never = LDAP_OPT_X_TLS_NEVER;  // the tests' administrator trusts the tests' servers
    ldap_set_option(handle_, LDAP_OPT_X_TLS_REQUIRE_CERT, &never);
    const int fresh = 0;
    ldap_set_option(handle_, LDAP_OPT_X_TLS_NEWCTX, &fresh);
    ldap_set_option(handle_, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
    berval secret{password.size(), const_cast<char*>(password.data())};
    demand(
        ldap_sasl_bind_s(handle_, dn.c_str(), LDAP_SASL_SIMPLE, &secret, nullptr, nullptr, nullptr),
        "bind as " + dn);
}

ldap_admin::~ldap_admin() { ldap_unbind_ext_s(handle_, nullptr, nullptr); }

void ldap_admin::add(const std::string& dn, const attributes& all) {
    std::vector<std::unique_ptr<change>> changes;
    std::vector<LDAPMod*> mods;
    for (const auto& [name, values] : all) {
        changes.push_back(std::make_unique<change>(LDAP_MOD_ADD, name, values));
        mods.push_back(&changes.back()->mod);
    }
    mods.push_back(nullptr);
    demand(ldap_add_ext_s(handle_, dn.c_str(), mods.data(), nullptr, nullptr), "add " + dn);
}

void ldap_admin::replace(const std::string& dn, const std::string& attribute,
                         const std::vector<std::string>& values) {
    change one(LDAP_MOD_REPLACE, attribute, values);
    LDAPMod* mods[] = {&one.mod, nullptr};
    demand(ldap_modify_ext_s(handle_, dn.c_str(), mods, nullptr, nullptr), "modify " + dn);
}

void ldap_admin::remove(const std::string& dn) {
    demand(ldap_delete_ext_s(handle_, dn.c_str(), nullptr, nullptr), "delete " + dn);
}

void ldap_admin::rename(const std::string& dn, const std::string& new_rdn,
                        const std::string& parent) {
    demand(ldap_rename_s(handle_, dn.c_str(), new_rdn.c_str(),
                         parent.empty() ? nullptr : parent.c_str(), 1, nullptr, nullptr),
           "rename " + dn);
}

std::vector<std::string> ldap_admin::read(const std::string& dn, const std::string& attribute) {
    char* names[] = {const_cast<char*>(attribute.c_str()), nullptr};
    LDAPMessage* found = nullptr;
    demand(ldap_search_ext_s(handle_, dn.c_str(), LDAP_SCOPE_BASE, "(objectClass=*)", names, 0,
                             nullptr, nullptr, nullptr, 0, &found),
           "read " + dn);
    std::vector<std::string> read;
    berval** values =
        ldap_get_values_len(handle_, ldap_first_entry(handle_, found), attribute.c_str());
    for (auto** one = values; one != nullptr && *one != nullptr; ++one)
        read.emplace_back((*one)->bv_val, (*one)->bv_len);
    ldap_value_free_len(values);
    ldap_msgfree(found);
    return read;
}

}  // namespace kommpass::tests
