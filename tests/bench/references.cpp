#include "tests/bench/references.hpp"

#include "tests/bench/http_load.hpp"
#include "tests/bench/reference_beast_server.hpp"

#include <ldap.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

namespace kommpass::bench {
namespace {

using steady = std::chrono::steady_clock;
constexpr auto measured_for = std::chrono::milliseconds(1500);

// Runs `work` over and over on each thread; how often a second in all.
template <class MakeWork>
double rate_of(unsigned threads, MakeWork make_work) {
    std::atomic<std::uint64_t> done{0};
    std::atomic<bool> failed{false};
    const auto began = steady::now();
    {
        std::vector<std::jthread> running;
        for (unsigned i = 0; i < threads; ++i) {
            running.emplace_back([&, i] {
                auto work = make_work(i);
                std::uint64_t count = 0;
                while (steady::now() - began < measured_for) {
                    if (!work()) {
                        failed = true;
                        return;
                    }
                    ++count;
                }
                done += count;
            });
        }
    }
    if (failed) throw std::runtime_error("a reference failed; does the directory answer?");
    return static_cast<double>(done) / std::chrono::duration<double>(steady::now() - began).count();
}

struct connections {
    LDAP* search = nullptr;
    LDAP* bind = nullptr;
    ~connections() {
        if (search != nullptr) ldap_unbind_ext(search, nullptr, nullptr);
        if (bind != nullptr) ldap_unbind_ext(bind, nullptr, nullptr);
    }
};

std::string find_one(LDAP* handle, const std::string& base, const std::string& filter) {
    char name[] = "cn";
    char* names[] = {name, nullptr};
    LDAPMessage* found = nullptr;
    std::string dn;
    if (ldap_search_ext_s(handle, base.c_str(), LDAP_SCOPE_SUBTREE, filter.c_str(), names, 0,
                          nullptr, nullptr, nullptr, 0, &found) == LDAP_SUCCESS) {
        if (auto* entry = ldap_first_entry(handle, found)) {
            char* text = ldap_get_dn(handle, entry);
            dn = text;
            ldap_memfree(text);
        }
    }
    ldap_msgfree(found);
    return dn;
}

bool sign_in(connections& open, const std::string& base, unsigned person) {
    const auto number = std::to_string(person);
    const auto dn = find_one(open.search, "ou=people," + base,
                             "(&(objectClass=inetOrgPerson)(uid=user" + number + "))");
    if (dn.empty() || find_one(open.search, "ou=groups," + base,
                               "(&(objectClass=groupOfNames)(member=" + dn + "))")
                          .empty())
        return false;
    auto password = "Kennwort-" + number;
    berval secret{password.size(), password.data()};
    return ldap_sasl_bind_s(open.bind, dn.c_str(), LDAP_SASL_SIMPLE, &secret, nullptr, nullptr,
                            nullptr) == LDAP_SUCCESS;
}

}  // namespace

double es256_signatures_per_second(unsigned threads) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"),
                                                                  EVP_PKEY_free);
    return rate_of(threads, [&](unsigned) {
        auto context = std::shared_ptr<EVP_PKEY_CTX>(
            EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr), EVP_PKEY_CTX_free);
        EVP_PKEY_sign_init(context.get());
        return [context] {
            unsigned char digest[32] = {1};
            unsigned char signature[80];
            std::size_t size = sizeof signature;
            return EVP_PKEY_sign(context.get(), signature, &size, digest, sizeof digest) == 1;
        };
    });
}

double raw_ldap_sign_ins_per_second(const std::string& url, const std::string& base,
                                    unsigned people, unsigned threads) {
    return rate_of(threads, [&](unsigned index) {
        auto open = std::make_shared<connections>();
        const int version = LDAP_VERSION3;
        for (auto** handle : {&open->search, &open->bind}) {
            ldap_initialize(handle, url.c_str());
            ldap_set_option(*handle, LDAP_OPT_PROTOCOL_VERSION, &version);
        }
        auto person = std::make_shared<unsigned>(index * 97);
        return [open, person, base, people] { return sign_in(*open, base, (*person)++ % people); };
    });
}

double plain_beast_requests_per_second(unsigned threads) {
    const reference_beast_server server(threads, std::string(800, 'x'));
    load what;
    what.port = server.port();
    what.threads = threads;
    what.duration = std::chrono::milliseconds(1500);
    return run(what, repeat("GET /jwks HTTP/1.1\r\nHost: idp.example\r\n\r\n"))
        .requests_per_second();
}

}  // namespace kommpass::bench
