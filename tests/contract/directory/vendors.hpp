#pragma once

#include "config/vocabulary/directory_settings.hpp"
#include "tests/support/ldap_admin.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace kommpass::tests {

// One vendor's real server, with the same people as every other:
//   anna.noack (Spreewald-7), in Meldeamt, which is in Buergerservice, which is in Alle, which is
//   in
//     Meldeamt again; member of g001 to g500 besides where `many_groups`
//   bert.lehmann (Lausitz-88), the one that tests change
//   neu (Anfang-2026): the password was reset and must be changed
//   gesperrt (Gesperrt-26): disabled by an administrator
//   abgelaufen (Abgelaufen-26): where the vendor can be told so offline, the password has expired
//   bald (Bald-ab-2026): the password expires in some weeks
//   doppelt.eins, doppelt.zwei (Doppelt-26): share the mail address doppelt@kommune.example
//   weg.umzug, weg.gesperrt, weg.entfernt, weg.spaeter (Wechsel-26): the ones that leave
//   umläut (Žofija-2026): Žofija Šołćina
class vendor_server {
public:
    virtual ~vendor_server() = default;
    virtual std::string name() const = 0;
    virtual directory_settings settings() const = 0;
    virtual std::unique_ptr<ldap_admin> admin() const = 0;
    virtual std::string dn_of(const std::string& user) const = 0;
    virtual std::string people() const = 0;     // the DN of the tree that sign-ins are allowed from
    virtual std::string elsewhere() const = 0;  // a unit outside of it
    virtual void disable(const std::string& user) const = 0;
    // How often an expired password is still good for a sign-in, from now on. False: the vendor
    // knows no such thing.
    virtual bool allow_grace(int sign_ins) const = 0;
    virtual void stop() = 0;
    virtual void start() = 0;
    virtual void freeze() = 0;
    virtual void thaw() = 0;

    // What this vendor's server does not do, or does in its own way; stated, so that nothing is
    // left out in silence.
    struct profile {
        // A disabled account with the right password: told to the person, or hidden.
        bool proves_password_of_disabled = false;
        bool has_expired_account = true;  // `abgelaufen` is there
        bool may_change_expired = false;  // `abgelaufen` may set a new password
        bool has_primary_group = false;
        bool has_group_of_5000 = true;  // Samba would take a minute to make the members
        bool tells_too_short = true;    // else only that the new password is not good enough
    };
    virtual profile can() const = 0;
};

// One of each, started when first asked for and kept for the whole test program.
[[nodiscard]] vendor_server& openldap_server();
[[nodiscard]] vendor_server& active_directory_server();
[[nodiscard]] vendor_server& ds389_server();
[[nodiscard]] std::vector<std::function<vendor_server&()>> every_vendor();

}  // namespace kommpass::tests
