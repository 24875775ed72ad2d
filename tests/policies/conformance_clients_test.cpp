// The clients that docs/integrator/conformance.md tells people to register are ones that a registry
// takes, and what the plans need of them.
#include "policies/registry_files.hpp"
#include "tests/policies/example_registry.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

using namespace kommpass;
using namespace kommpass::policies;
using namespace kommpass::tests;

namespace {

std::string text_of(const std::string& path) {
    std::ifstream file(path);  // tests run in the source folder
    REQUIRE(file.good());
    std::ostringstream all;
    all << file.rdbuf();
    return all.str();
}

const std::string file = "applications/konformitaet.toml";

}  // namespace

TEST_CASE("the conformance clients are applied beside what is there") {
    auto files = write_registry(example_registry());
    files.push_back({file, text_of("config/conformance/" + file)});
    const auto read = read_registry(files);
    if (!read) FAIL(read.error().front().to_string());
    const auto made = compile(*read, 1);
    if (!made) FAIL(made.error().front().to_string());
    const auto* suite = (*made)->find_application(application_key("konformitaet"));
    REQUIRE(suite != nullptr);
    CHECK_FALSE(suite->require_role);
    for (const auto& one : suite->clients) {
        CAPTURE(one.id.str());
        CHECK(one.redirect_uris.front().ends_with("/callback"));
        if (one.profile != client_profile::oidc) continue;
        CHECK_FALSE(one.require_pkce);  // section 0.1: the plans send none
        CHECK(one.id_token_alg == signing_algorithm::rs256);
    }
}

TEST_CASE("the plans of FAPI 2.0 have two clients each, with different keys or certificates") {
    auto files = write_registry(example_registry());
    files.push_back({file, text_of("config/conformance/" + file)});
    const auto read = read_registry(files);
    REQUIRE(read.has_value());
    const auto& clients = read->applications.at(application_key("konformitaet")).clients;
    const auto find = [&](const std::string& id) {
        const auto found = std::find_if(clients.begin(), clients.end(), [&](const auto& one) {
            return one.id.str() == "konformitaet-" + id;
        });
        REQUIRE(found != clients.end());
        return *found;
    };
    for (const std::string plan : {"fapi", "mtls", "tls", "signed"}) {
        CAPTURE(plan);
        const auto first = find(plan);
        const auto second = find(plan + "2");
        CHECK(first.profile != client_profile::oidc);
        CHECK(second.profile == first.profile);
        CHECK((first.jwks != second.jwks ||
               first.tls_client_auth_subject_dn != second.tls_client_auth_subject_dn));
        // The second is asked for at an address with a query of its own, too.
        CHECK(second.redirect_uris.back().ends_with("/callback?dummy1=lorem&dummy2=ipsum"));
    }
}

TEST_CASE("the page about the suite names every client of the file") {
    const auto page = text_of("docs/integrator/conformance.md");
    auto files = write_registry(example_registry());
    files.push_back({file, text_of("config/conformance/" + file)});
    const auto read = read_registry(files);
    REQUIRE(read.has_value());
    for (const auto& one : read->applications.at(application_key("konformitaet")).clients) {
        CAPTURE(one.id.str());
        const auto tail = one.id.str().substr(std::string("konformitaet").size());
        const bool named = page.find("`" + one.id.str() + "`") != std::string::npos ||
                           page.find("`" + tail + "`") != std::string::npos;
        CHECK(named);
    }
}
