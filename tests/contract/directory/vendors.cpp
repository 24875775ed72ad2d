#include "tests/contract/directory/vendors.hpp"

#include "tests/support/ds389.hpp"
#include "tests/support/samba.hpp"
#include "tests/support/slapd.hpp"

#include <array>
#include <chrono>
#include <ctime>

namespace kommpass::tests {
namespace {

struct test_person {
    const char* user;
    const char* given_name;
    const char* family_name;
    const char* password;
    const char* mail;
};

constexpr test_person people[] = {
    {"anna.noack", "Anna", "Noack", "Spreewald-7", "anna.noack@kommune.example"},
    {"bert.lehmann", "Bert", "Lehmann", "Lausitz-88", "bert.lehmann@kommune.example"},
    {"neu", "Ganz", "Neu", "Anfang-2026", "neu@kommune.example"},
    {"gesperrt", "Ge", "Sperrt", "Gesperrt-26", "gesperrt@kommune.example"},
    {"doppelt.eins", "Doppelt", "Eins", "Doppelt-26", "doppelt@kommune.example"},
    {"doppelt.zwei", "Doppelt", "Zwei", "Doppelt-26", "doppelt@kommune.example"},
    {"weg.umzug", "Wanda", "Umzug", "Wechsel-26", "umzug@kommune.example"},
    {"weg.gesperrt", "Gerd", "Sperre", "Wechsel-26", "sperre@kommune.example"},
    {"weg.entfernt", "Eva", "Entfernt", "Wechsel-26", "entfernt@kommune.example"},
    {"weg.spaeter", "Sven", "Spaeter", "Wechsel-26", "spaeter@kommune.example"},
    {"umläut", "Žofija", "Šołćina", "Žofija-2026", "sofija@kommune.example"},
};

constexpr int many_groups = 500;

std::string numbered(int i) {
    const auto digits = std::to_string(i);
    return "g" + std::string(3 - digits.size(), '0') + digits;
}

// So long from now, as LDAP writes it (RFC 4517, 3.3.13).
std::string generalized_time(std::chrono::seconds from_now) {
    const auto at =
        std::chrono::system_clock::to_time_t(std::chrono::system_clock::now() + from_now);
    std::array<char, 20> text{};
    tm parts{};
    return {text.data(),
            std::strftime(text.data(), text.size(), "%Y%m%d%H%M%SZ", ::gmtime_r(&at, &parts))};
}

constexpr auto service_password = "Dienst-2026-x";

void bind_as(directory_settings& settings, const std::string& dn) {
    settings.bind_dn = dn;
    settings.bind_password_env = "KOMMPASS_TEST_SERVICE_PASSWORD";
    ::setenv("KOMMPASS_TEST_SERVICE_PASSWORD", service_password, 1);
}

void shorten_waits(directory_settings& settings) {
    using std::chrono::milliseconds;
    settings.connect_timeout = milliseconds(2000);
    settings.deadline = milliseconds(5000);
    settings.identity_cache = milliseconds(0);
}

// OpenLDAP and 389 DS: the same tree, but for how the state of an account is written.
class ldif_tree {
public:
    explicit ldif_tree(std::string base) : base_(std::move(base)) {}

    std::string entries(const std::function<std::string(const std::string&)>& state_of) const {
        std::string ldif = unit("people") + unit("groups") + unit("former") + unit("services");
        ldif += "dn: " + service_account() +
                "\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\n"
                "cn: kommpass\nuserPassword: Dienst-2026-x\n\n";
        for (const auto& one : people) {
            const std::string user = one.user;
            ldif += "dn: " + dn_of(user) + "\nobjectClass: inetOrgPerson\nuid: " + user +
                    "\ncn: " + one.given_name + " " + one.family_name +
                    "\ngivenName: " + one.given_name + "\nsn: " + one.family_name +
                    "\nmail: " + one.mail + "\nuserPassword: " + one.password + "\n" +
                    state_of(user) + "\n";
        }
        ldif += "dn: " + dn_of("abgelaufen") +
                "\nobjectClass: inetOrgPerson\nuid: abgelaufen\ncn: Ab Gelaufen\nsn: Gelaufen\n"
                "userPassword: Abgelaufen-26\n" +
                state_of("abgelaufen") + "\n";
        ldif += "dn: " + dn_of("bald") +
                "\nobjectClass: inetOrgPerson\nuid: bald\ncn: Bald Ab\nsn: Ab\n"
                "userPassword: Bald-ab-2026\n" +
                state_of("bald") + "\n";
        ldif += group("Meldeamt", {dn_of("anna.noack"), group_dn("Alle")});
        ldif += group("Buergerservice", {group_dn("Meldeamt")});
        ldif += group("Alle", {group_dn("Buergerservice")});
        for (int i = 1; i <= many_groups; ++i) ldif += group(numbered(i), {dn_of("anna.noack")});
        std::vector<std::string> crowd{dn_of("anna.noack")};
        for (int i = 0; i < 5000; ++i) crowd.push_back(dn_of("fremd" + std::to_string(i)));
        return ldif + group("Grossgruppe", crowd);
    }

    std::string dn_of(const std::string& user) const {
        return "uid=" + user + "," + place("people");
    }
    std::string service_account() const { return "cn=kommpass," + place("services"); }
    std::string place(const std::string& name) const { return "ou=" + name + "," + base_; }

private:
    std::string group_dn(const std::string& name) const {
        return "cn=" + name + "," + place("groups");
    }
    std::string unit(const std::string& name) const {
        return "dn: " + place(name) + "\nobjectClass: organizationalUnit\nou: " + name + "\n\n";
    }
    std::string group(const std::string& name, const std::vector<std::string>& members) const {
        std::string ldif =
            "dn: " + group_dn(name) + "\nobjectClass: groupOfNames\ncn: " + name + "\n";
        for (const auto& member : members) ldif += "member: " + member + "\n";
        return ldif + "\n";
    }
    std::string base_;
};

class openldap final : public vendor_server {
public:
    openldap() : server_(base, policies() + tree_.entries(state_of), configuration()) {}

    std::string name() const override { return "OpenLDAP"; }
    directory_settings settings() const override {
        directory_settings s;
        s.urls = {server_.url()};
        s.transport = directory_transport::plain;
        bind_as(s, tree_.service_account());
        s.person_base = tree_.place("people");
        s.group_base = tree_.place("groups");
        shorten_waits(s);
        return s;
    }
    std::unique_ptr<ldap_admin> admin() const override {
        return std::make_unique<ldap_admin>(server_.url(), server_.admin_dn(),
                                            slapd::admin_password);
    }
    std::string dn_of(const std::string& user) const override { return tree_.dn_of(user); }
    std::string people() const override { return tree_.place("people"); }
    std::string elsewhere() const override { return tree_.place("former"); }
    void disable(const std::string& user) const override {
        admin()->replace(dn_of(user), "pwdAccountLockedTime", {"000001010000Z"});
    }
    bool allow_grace(int sign_ins) const override {
        admin()->replace(std::string("cn=kurz,") + base, "pwdGraceAuthNLimit",
                         {std::to_string(sign_ins)});
        return true;
    }
    void stop() override { server_.stop(); }
    void start() override { server_.start(); }
    void freeze() override { server_.freeze(); }
    void thaw() override { server_.thaw(); }
    profile can() const override { return {}; }

private:
    static constexpr const char* base = "dc=lebus,dc=example";
    static std::string policies() {
        const auto policy = [](const std::string& name, const std::string& lines) {
            return "dn: cn=" + name + "," + base +
                   "\nobjectClass: device\nobjectClass: pwdPolicy\ncn: " + name +
                   "\npwdAttribute: userPassword\n" + lines + "\n";
        };
        return policy("standard",
                      "pwdMustChange: TRUE\npwdLockout: TRUE\npwdMaxFailure: 5\npwdMinLength: 8\n"
                      "pwdCheckQuality: 2\npwdInHistory: 3\npwdAllowUserChange: TRUE\n") +
               policy("kurz", "pwdMaxAge: 60\npwdMinLength: 8\npwdCheckQuality: 2\n") +
               policy("jahr", "pwdMaxAge: 31536000\npwdExpireWarning: 31536000\n");
    }
    // The rights of docs/administrator/directories/openldap.md, and no more.
    std::string configuration() const {
        const auto account = "dn.exact=\"" + tree_.service_account() + "\"";
        return "access to attrs=userPassword by self write by anonymous auth\n"
               "access to dn.subtree=\"" +
               tree_.place("people") + "\" by " + account +
               " read by self read\n"
               "access to dn.subtree=\"" +
               tree_.place("groups") + "\" by " + account +
               " read\n"
               "access to filter=(objectClass=pwdPolicy) by " +
               account +
               " read\n"
               "access to attrs=entry,contextCSN by " +
               account + " read\nlimits " + account +
               " size.soft=500 size.hard=500 size.prtotal=unlimited\n"
               "overlay ppolicy\nppolicy_default \"cn=standard," +
               base + "\"\noverlay syncprov\n";
    }
    static std::string state_of(const std::string& user) {
        if (user == "neu") return "pwdReset: TRUE\n";
        if (user == "gesperrt") return "pwdAccountLockedTime: 000001010000Z\n";
        if (user == "bald")
            return "pwdChangedTime: " + generalized_time(-std::chrono::days(355)) +
                   "\npwdPolicySubentry: cn=jahr," + base + "\n";
        if (user == "abgelaufen")
            return std::string("pwdChangedTime: 20200101000000Z\npwdPolicySubentry: cn=kurz,") +
                   base + "\n";
        return {};
    }
    ldif_tree tree_{base};
    slapd server_;
};

class ds_389 final : public vendor_server {
public:
    ds_389() : server_(base, access(), tree_.entries(state_of)) {
        const auto boss = admin();
        for (const auto* turned_on : {"passwordExp", "passwordMustChange", "passwordCheckSyntax",
                                      "passwordHistory", "passwordLockout"})
            boss->replace("cn=config", turned_on, {"on"});
        boss->replace("cn=config", "passwordMinLength", {"8"});
        boss->replace("cn=config", "passwordMaxFailure", {"5"});
    }

    std::string name() const override { return "389 DS"; }
    directory_settings settings() const override {
        directory_settings s;
        s.vendor = directory_vendor::ds389;
        s.urls = {server_.tls_url()};
        s.transport = directory_transport::ldaps;
        s.ca_file = server_.ca_file();
        bind_as(s, tree_.service_account());
        s.person_base = tree_.place("people");
        s.group_base = tree_.place("groups");
        shorten_waits(s);
        return s;
    }
    std::unique_ptr<ldap_admin> admin() const override {
        return std::make_unique<ldap_admin>(server_.url(), ds389::admin_dn, ds389::admin_password);
    }
    std::string dn_of(const std::string& user) const override { return tree_.dn_of(user); }
    std::string people() const override { return tree_.place("people"); }
    std::string elsewhere() const override { return tree_.place("former"); }
    void disable(const std::string& user) const override {
        admin()->replace(dn_of(user), "nsAccountLock", {"true"});
    }
    bool allow_grace(int sign_ins) const override {
        admin()->replace("cn=config", "passwordGraceLimit", {std::to_string(sign_ins)});
        return true;
    }
    void stop() override { server_.stop(); }
    void start() override { server_.start(); }
    void freeze() override { server_.freeze(); }
    void thaw() override { server_.thaw(); }
    profile can() const override { return {.tells_too_short = false}; }

private:
    // The rights of docs/administrator/directories/389-ds.md, and no more.
    std::string access() const {
        return "aci: (targetattr = \"uid || cn || displayName || givenName || sn || mail || "
               "telephoneNumber || employeeNumber || memberOf || member || uniqueMember || entryDN "
               "|| "
               "nsUniqueId || nsAccountLock || passwordExpirationTime || passwordRetryCount || "
               "retryCountResetTime || "
               "objectClass\")(version 3.0; acl \"kommpass liest\"; allow (read,search,compare) "
               "userdn = \"ldap:///" +
               tree_.service_account() +
               "\";)\n"
               "aci: (targetattr = \"userPassword\")(version 3.0; acl \"eigenes Kennwort\"; "
               "allow (write) userdn = \"ldap:///self\";)\n";
    }
    static constexpr const char* base = "dc=lebus,dc=example";
    static std::string state_of(const std::string& user) {
        if (user == "neu") return "passwordExpirationTime: 19700101000000Z\n";
        if (user == "gesperrt") return "nsAccountLock: true\n";
        if (user == "abgelaufen") return "passwordExpirationTime: 20200101000000Z\n";
        if (user == "bald")
            return "passwordExpirationTime: " + generalized_time(std::chrono::days(10)) + "\n";
        return {};
    }
    ldif_tree tree_{base};
    ds389 server_;
};

class active_directory final : public vendor_server {
public:
    active_directory() : server_(population()) {}

    std::string name() const override { return "Active Directory"; }
    directory_settings settings() const override {
        directory_settings s;
        s.vendor = directory_vendor::active_directory;
        s.urls = {server_.url()};
        s.transport = directory_transport::ldaps;
        s.ca_file = server_.ca_file();
        bind_as(s, "CN=dienst,OU=Dienste,DC=kommune,DC=example");
        s.person_base = people();
        s.group_base = samba::base;
        s.netbios_name = "KOMMUNE";
        shorten_waits(s);
        return s;
    }
    std::unique_ptr<ldap_admin> admin() const override {
        return std::make_unique<ldap_admin>(server_.url(), samba::admin_dn, samba::admin_password);
    }
    std::string dn_of(const std::string& user) const override {
        return "CN=" + user + "," + people();
    }
    std::string people() const override { return "OU=Amt,DC=kommune,DC=example"; }
    std::string elsewhere() const override { return "OU=Ehemalige,DC=kommune,DC=example"; }
    void disable(const std::string& user) const override {
        admin()->replace(dn_of(user), "userAccountControl", {"514"});
    }
    bool allow_grace(int) const override { return false; }
    void stop() override { server_.stop(); }
    void start() override { server_.start(); }
    void freeze() override { server_.freeze(); }
    void thaw() override { server_.thaw(); }
    profile can() const override {
        // An expired password cannot be arranged offline; data 773 stands for it.
        return {.proves_password_of_disabled = true,
                .has_expired_account = false,
                .has_primary_group = true,
                .has_group_of_5000 = false};
    }

private:
    static std::string population() {
        std::string lines =
            "policy\tminPwdAge\t0\npolicy\tlockoutThreshold\t5\n"
            "unit\tOU=Amt,DC=kommune,DC=example\nunit\tOU=Ehemalige,DC=kommune,DC=example\n"
            "unit\tOU=Dienste,DC=kommune,DC=example\nunit\tOU=Gruppen,DC=kommune,DC=example\n"
            "user\tOU=Dienste\tdienst\tDienst\tKonto\tdienst@kommune.example\tDienst-2026-x\n";
        lines += "user\tOU=Amt\tbald\tBald\tAb\tbald@kommune.example\tBald-ab-2026\n";
        for (const auto& one : tests::people) {
            const std::string user = one.user;
            lines += std::string("user\tOU=Amt\t") + user + "\t" + one.given_name + "\t" +
                     one.family_name + "\t" + one.mail + "\t" + one.password;
            if (user == "neu") lines += "\tmust-change";
            if (user == "gesperrt") lines += "\tdisabled";
            lines += "\n";
        }
        lines +=
            "group\tOU=Gruppen\tMeldeamt\tanna.noack\n"
            "group\tOU=Gruppen\tBuergerservice\tMeldeamt\n"
            "group\tOU=Gruppen\tAlle\tBuergerservice\n"
            "members\tMeldeamt\tAlle\n";
        for (int i = 1; i <= many_groups; ++i)
            lines += "group\tOU=Gruppen\t" + numbered(i) + "\tanna.noack\n";
        return lines;
    }
    samba server_;
};

}  // namespace

vendor_server& openldap_server() {
    static openldap server;
    return server;
}
vendor_server& active_directory_server() {
    static active_directory server;
    return server;
}
vendor_server& ds389_server() {
    static ds_389 server;
    return server;
}

std::vector<std::function<vendor_server&()>> every_vendor() {
    return {openldap_server, ds389_server, active_directory_server};
}

}  // namespace kommpass::tests
