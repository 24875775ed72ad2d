// What is looked at after a whole sequence: pages, tokens, and what others can still do.
#include "idp/admin/directory_findings.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/http/method.hpp"
#include "tests/idp/attacks/invariants.hpp"
#include "tests/support/administration.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace kommpass::tests::attacks {
namespace {

// What is sealed, the request's id and the number of the revision differ each time.
std::string without_seals(std::string page) {
    const std::pair<std::string_view, char> seals[] = {{"name=\"csrf\" value=\"", '"'},
                                                       {"name=\"transaction\" value=\"", '"'},
                                                       {"class=\"kp-reference\">", '<'}};
    for (const auto& [start, end] : seals) {
        for (auto at = page.find(start); at != std::string::npos; at = page.find(start, at + 1)) {
            const auto begin = at + start.size();
            page.erase(begin, page.find(end, begin) - begin);
        }
    }
    // "21.09.2026, 16:13": when a session was last used is its person's doing.
    for (auto at = page.find(", "); at != std::string::npos; at = page.find(", ", at + 1)) {
        const bool is_time = at >= 10 && at + 7 <= page.size() && page[at - 8] == '.' &&
                             page[at - 5] == '.' && page[at + 4] == ':';
        if (is_time) page.replace(at - 10, 17, "");
    }
    return page;
}

}  // namespace

// (b) Whatever the hostile member has under way, others' long work begins.
void invariants::work(std::vector<breach>& found) {
    for (const auto* user : {"leitung.lebus", "zentrale"}) {
        auto& who = world_.honest(user);
        const auto got = api(world_.idp, world_.api_token_of(who), idp::http::method::post,
                             "/members/" + who.member + "/role-matrix");
        if (got.status() != 202) found.push_back({"work", user + (": " + got.body())});
    }
}

invariants::belongings invariants::pages_of_the_honest() {
    belongings pages;
    for (auto& one : world_.honest_people) {
        std::vector<std::string> paths{"/account"};
        if (!one.api.empty()) {
            const auto* whom = one.member == "cottbus" ? "jan.kowal" : "anna.noack";
            // Not the approvals, nor the overview that counts them: a request for agreement is for
            // those eyes.
            paths.insert(paths.end(), {"/console/members/" + one.member,
                                       "/console/persons/" + world_.honest(whom).id});
            // The association sees every member's.
            if (one.member != "dikom")
                paths.insert(paths.end(), {"/console/mappings", "/console/campaigns"});
        }
        for (const auto& path : paths)
            pages[one.user + " " + path] =
                without_seals(world_.browser(one.cookies).visit(path).body());
    }
    return pages;
}

// (b) Whoever has signed in with a browser before gets in with it again, whatever strangers
// guessed.
void invariants::ways_in(std::vector<breach>& found) {
    for (auto& one : world_.honest_people) {
        if (one.tokens.empty()) continue;
        const auto got = world_.sign_in(one.cookies, "groupware-web", one.user, one.password,
                                        one.member, {{"prompt", "login"}}, true);
        if (got.access.empty()) found.push_back({"kept-out", one.user});
    }
}

// (b) What the hostile member says stands as text on the pages of those who have to look at it.
void invariants::scripts(std::vector<breach>& found) {
    std::vector<std::string> paths{
        "/console",           "/console/approvals",
        "/console/mappings",  "/console/revisions",
        "/console/campaigns", "/console/members/" + std::string(hostile_member)};
    for (const auto& id : world_.known("own person")) paths.push_back("/console/persons/" + id);
    for (const auto* user : {"zentrale", "leitung.lebus"}) {
        auto& who = world_.honest(user);
        for (const auto& path : paths) {
            const auto page = world_.browser(who.cookies).visit(path);
            if (page.shows("<script>alert(1)")) found.push_back({"script", path + " for " + user});
        }
    }
}

// (a) Kommpass writes to nobody whom the hostile directory names: to its own mailboxes, and to
// those of the others who decide something.
void invariants::letters(std::vector<breach>& found) {
    const auto decides = [&](const std::string& mailbox) {
        return std::any_of(world_.honest_people.begin(), world_.honest_people.end(),
                           [&](const auto& one) {
                               return !one.api.empty() && mailbox == one.user + "@" + one.domain;
                           });
    };
    for (const auto& one : letters_waiting(world_.idp)) {
        if (!one.to.ends_with(std::string("@") + hostile_domain) && !decides(one.to))
            found.push_back({"letter", "to " + one.to});
    }
    const auto managers = world_.idp.operations().found.managers.get();
    const auto own = managers->find(member_slug(hostile_member));
    if (own == managers->end()) return;
    for (const auto& one : own->second) {
        if (!one.mail.empty() && !one.mail.ends_with(std::string("@") + hostile_domain))
            found.push_back({"letter", "others are told to write to " + one.mail});
    }
}

std::vector<breach> invariants::look_at_end(bool hostile_alone) {
    std::vector<breach> found;
    work(found);
    scripts(found);
    letters(found);
    if (hostile_alone) {
        const auto now = pages_of_the_honest();
        for (const auto& [where, page] : pages_) {
            const auto& other = now.at(where);
            if (other == page) continue;
            const auto differs =
                std::mismatch(page.begin(), page.end(), other.begin(), other.end());
            const auto at = static_cast<std::size_t>(differs.second - other.begin());
            found.push_back({"page", where + ": " + other.substr(at < 80 ? 0 : at - 80, 240)});
        }
    }
    for (const auto& one : world_.honest_people) {
        for (const auto& held : one.tokens) {
            if (!hostile_alone) continue;
            const auto again = world_.idp.refresh(held.client, held.refresh);
            if (again.status() != 200) {
                found.push_back({"token", one.user + "'s is refused: " + again.body()});
                continue;
            }
            const auto info = world_.idp.userinfo(again.text("access_token")).json();
            if (info.at("sub").as_string() != held.subject)
                found.push_back(
                    {"token", one.user + " is another: " + boost::json::serialize(info)});
        }
    }
    ways_in(found);
    return found;
}

}  // namespace kommpass::tests::attacks
