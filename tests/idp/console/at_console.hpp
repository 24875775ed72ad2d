#pragma once

#include "idp/http/form.hpp"
#include "tests/support/administration.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

// An administrator at the console, and their browser.
namespace kommpass::tests {

// Splits "/path?query" and asks for it with the browser's cookies.
inline answer visit(test_idp& idp, std::string address) {
    const std::string issuer = "https://idp.example";
    if (address.starts_with(issuer)) address.erase(0, issuer.size());
    const auto question = address.find('?');
    fields query;
    if (question != std::string::npos) {
        const auto form = idp::http::form::parse(address.substr(question + 1));
        query = form->all();
    }
    return idp.get(address.substr(0, question), query);
}

struct at_console {
    test_idp idp;
    std::string csrf;
    explicit at_console(const char* member = "lebus",
                        std::initializer_list<const char*> roles = {"mandantenadmin"}) {
        idp.change_registry([](policies::registry& r) { add_administration(r); });
        add_administrator(idp, member, "admin", roles);
        enter(member);
    }
    // As a browser that knows nothing: a session of its own.
    void enter(const char* member) {
        idp.forget_cookies();
        auto page = visit(idp, visit(idp, "/console").location());
        auto redirect = idp.fill_in(page, "admin", "Verwaltung-1", member);
        auto entered = visit(idp, redirect.location());
        REQUIRE(entered.status() == 303);
        const auto overview = visit(idp, entered.location());
        csrf = overview.hidden("csrf");
    }
    answer get(const std::string& path) { return visit(idp, "/console" + path); }
    answer post(const std::string& path, fields form) {
        form.emplace_back("csrf", csrf);
        return idp.post("/console" + path, form);
    }
    std::string find(const std::string& user) {
        return post("/persons/find", {{"member", "lebus"}, {"user_name", user}}).location();
    }
};

}  // namespace kommpass::tests
