#include "tests/idp/attacks/steps.hpp"

#include "idp/http/method.hpp"
#include "idp/http/router.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/set_ups.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "tests/idp/attacks/agreements.hpp"
#include "tests/idp/attacks/endpoint_attacks.hpp"
#include "tests/idp/attacks/guesses.hpp"
#include "tests/idp/attacks/page_attacks.hpp"
#include "tests/support/administration.hpp"

#include <algorithm>

namespace kommpass::tests::attacks {
namespace {

void attack_endpoint(world& w, hostile_person& who, dice& d) {
    const auto path = d.of(attacked_addresses(w.idp.routes()));
    const auto told = w.answers.size();
    const auto got = attack_address(w, path, who, d);
    if (w.answers.size() == told) tell(w, who, "attacks " + path, got);
}

void play_somebody(world& w, hostile_person& who, dice& d) {
    const auto client =
        d.of({"groupware-web", "dms-web", "meso-web", "groupware-post", "verfahren-web"});
    const auto user = d.one_in(3) ? who.user : d.of(w.known("user"));
    fields more{{"scope", "openid profile email phone offline_access"}};
    if (d.one_in(3)) more.emplace_back("prompt", "login");
    if (d.one_in(4))
        more.emplace_back("claims", R"({"userinfo":{"email":null,"preferred_username":null}})");
    auto got = w.play(who, client, user, more);
    w.story.push_back(who.user + ": signs in at " + client + " as " + user + " -> " +
                      (got ? "person " + got->person : std::string("nobody")));
    if (got) w.parts_played.push_back(*std::move(got));
}

// Asks for something that others have to agree to, or changes what they are looking at.
void ask_for_agreement(world& w, dice& d) {
    w.keeps_to_own = true;
    std::string wanted = d.of({"putMapping", "putMapping", "putClient", "requestGrant"});
    w.wanted_id = wanted == "requestGrant" ? "" : d.of({"hostil-eins", "hostil-zwei"});
    if (!w.looked_at.empty() && !d.one_in(3)) {
        const auto& document = w.looked_at_lately(d).document;
        w.wanted_id = document.substr(document.rfind('/') + 1);
        wanted = document.starts_with("clients/") ? "putClient" : "putMapping";
    }
    w.seeks_agreement = true;
    // Who looks after rules, and who after clients.
    auto& who = w.hostile_people[wanted == "putClient" ? 2 : d.below(2)];
    for (const auto& one : idp::api::endpoints()) {
        if (one.id == wanted) (void)attack_operation(one, w, who, d);
    }
    w.wanted_id.clear();
    w.seeks_agreement = false;
}

// Two of these, and whoever counts long work for all together has none left.
void flood(world& w, hostile_person& who, dice&) {
    int begun = 0;
    for (int i = 0; i < 120; ++i) {
        const auto got = api(w.idp, who.api, idp::http::method::post,
                             "/members/" + std::string(hostile_member) + "/role-matrix");
        begun += got.status() == 202 ? 1 : 0;
    }
    w.story.push_back(who.user + ": begins long work 120 times, " + std::to_string(begun) +
                      " times in fact");
}

// A server that answers everything well passes every test of the set-up.
void pass_set_up_test(world& w) {
    const member_slug slug(hostile_member);
    (void)w.idp.parts().memory.write_now([&](idp::store::transaction& t) {
        auto kept = t.set_ups().find(slug);
        if (!kept) return;
        kept->tested_at = w.idp.time.now();
        t.set_ups().put(*kept);
    });
    w.story.push_back("what is entered of the hostile directory passes its test");
}

// Enters another server, has it tested, and puts it in force.
void repoint(world& w, dice& d) {
    w.keeps_to_own = true;
    auto& who = w.hostile_people.front();
    for (const std::string wanted : {"putSetUp", "", "activateSetUp"}) {
        if (wanted.empty()) pass_set_up_test(w);
        for (const auto& one : idp::api::endpoints()) {
            if (one.id == wanted) (void)attack_operation(one, w, who, d);
        }
    }
}

void play_machine(world& w, dice& d) {
    w.keeps_to_own = true;
    const auto client = w.any_known("client", d);
    auto got = w.play_machine(client);
    w.story.push_back(client + ": asks for a token of its own -> " + (got ? "one" : "none"));
    if (got) w.parts_played.push_back(*std::move(got));
}

// A link that somebody else prepared, followed by an honest person with their own name and
// password.
void follow_link(world& w, honest_person& who, dice& d) {
    const std::string at_hostile = who.user + "@" + hostile_domain;
    const auto hint = d.of({"@hostil", "@hostil.example", "hostil\\", "hostil.example\\",
                            at_hostile.c_str(), ("hostil\\" + who.user).c_str(), who.user.c_str(),
                            (who.user + "@" + who.domain).c_str(), ""});
    fields more{{"login_hint", hint}};
    if (d.one_in(2)) more.emplace_back("prompt", "login");
    if (d.one_in(3)) more.emplace_back("ui_locales", "en");
    auto& account = w.idp.directories.of(who.member, who.user);
    const bool expired = d.one_in(6);
    if (expired) {
        account.fails_with = directory::sign_in_error::password_expired;
        account.may_change = true;
    }
    cookie_jar new_browser;
    auto& cookies = d.one_in(2) ? new_browser : who.cookies;
    const auto got =
        w.sign_in(cookies, "groupware-web", who.user, who.password, who.member, more, true);
    account.fails_with.reset();
    account.password = who.password;
    w.story.push_back(who.user + (expired ? " (expired)" : "") + ": follows a link with the hint " +
                      hint + " -> " + (got.access.empty() ? "nothing" : "signed in"));
}

// Uses an application that the hostile member operates, which then holds a token of theirs.
void use_foreign_application(world& w, honest_person& who) {
    const auto got =
        w.sign_in(who.cookies, "verfahren-web", who.user, who.password, who.member, {}, true);
    for (const auto& token : {got.access, got.refresh}) {
        if (!token.empty()) w.learn("token", token);
    }
    w.story.push_back(who.user + ": uses an application of the hostile member");
}

void act_honestly(world& w, dice& d) {
    auto& who = w.honest_people[d.below(w.honest_people.size())];
    auto& lead = w.honest(d.of({"leitung.lebus", "leitung.cottbus", "zentrale"}));
    const auto choice = d.below(10);
    if (choice < 4)
        follow_link(w, who, d);
    else if (choice < 5)
        use_foreign_application(w, who);
    else
        look_or_agree(w, lead, d);
}

}  // namespace

acted take_step(world& w, std::uint32_t seed, cast who_acts) {
    dice d(seed);
    if (who_acts == cast::everybody && d.one_in(4)) {
        if (d.one_in(3)) {
            auto& led = w.honest_people[d.below(w.honest_people.size())];
            lead_astray(w, led, w.hostile_people.front(), d);
            return acted::led_astray;
        }
        act_honestly(w, d);
        return acted::honest;
    }
    auto& who = w.hostile_people[d.below(w.hostile_people.size())];
    if (who_acts == cast::everybody && d.one_in(6)) {
        ask_for_agreement(w, d);
        return acted::hostile;
    }
    w.keeps_to_own = !d.one_in(3);
    const auto choice = d.below(100);
    if (choice < 45) {
        (void)attack_operation(w, who, d);
    } else if (choice < 60) {
        (void)attack_page(w, who, d);
    } else if (choice < 70) {
        (void)attack_console_address(w, who, d);
    } else if (choice < 80) {
        attack_endpoint(w, who, d);
    } else if (choice < 88) {
        play_somebody(w, who, d);
    } else if (choice < 90) {
        play_machine(w, d);
    } else if (choice < 91) {
        flood(w, w.hostile_people[d.below(2)], d);
    } else if (choice < 93) {
        repoint(w, d);
    } else if (choice < 94) {
        guess(w, w.honest_people[d.below(w.honest_people.size())], d);
    } else if (choice < 96) {
        w.directory->change_mood(d.seed());
        w.story.push_back("the hostile directory says other things");
    } else {
        const auto minutes = 1 + d.below(20);
        w.idp.time.turn(std::chrono::minutes(minutes));
        w.story.push_back(std::to_string(minutes) + " minutes pass");
    }
    return acted::hostile;
}

}  // namespace kommpass::tests::attacks
