// Searches that are read to their end: in pages (RFC 2696), or at once from a server that has none.
#include "directory/ldap_answer.hpp"
#include "directory/member_connections.hpp"
#include "directory/pool_outcome.hpp"
#include "directory/searched_place.hpp"

#include <iterator>
#include <optional>
#include <utility>

namespace kommpass::directory {
namespace {

using boost::asio::awaitable;
using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;

constexpr auto too_many_for_us = "more entries or bytes in one answer than are taken";
constexpr auto ended_by_asker = "more was not wanted";

// Servers refuse the control in several ways, and then send nothing: OpenLDAP with
// size.prtotal=disabled by the administrative limit.
bool refuses_paging(const ldap_answer& page) {
    const bool refused = page.code == LDAP_UNAVAILABLE_CRITICAL_EXTENSION ||
                         page.code == LDAP_UNWILLING_TO_PERFORM ||
                         page.code == LDAP_ADMINLIMIT_EXCEEDED;
    return refused && page.entries.empty();
}

}  // namespace

awaitable<outcome<ldap_answer>> member_connections::search_in_pages(search_request request,
                                                                    std::size_t most_entries,
                                                                    steady_time deadline) {
    std::vector<ldap_entry> entries;
    page_handler gather = [&](std::vector<ldap_entry> page) {
        std::move(page.begin(), page.end(), std::back_inserter(entries));
        return entries.size() < most_entries;
    };
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - steady::now());
    auto answer = co_await for_each_page(std::move(request), std::move(gather), left);
    if (answer) answer->entries = std::move(entries);
    co_return answer;
}

awaitable<outcome<ldap_answer>> member_connections::for_each_page(search_request request,
                                                                  page_handler on_page,
                                                                  milliseconds deadline_of_page) {
    used();
    auto taken = co_await take_living(pages_, steady::now() + deadline_of_page);
    if (!taken) co_return failure_of(taken.error());
    const auto connection = *taken;
    ldap_answer all;
    std::optional<directory_failure> failed;
    request.page_size = static_cast<int>(settings_->page_size);
    const searched_place asked(request.base, request.scope);
    bool wants_more = true;
    bool is_first = true;
    bool again = false;
    do {
        const auto until = steady::now() + deadline_of_page;
        auto page = co_await connection->search(request, until);
        if (!page) {
            failed = unanswered(*connection, "a paged search", page.error());
            connection->close();
            break;
        }
        again = is_first && request.page_size > 0 && refuses_paging(*page);
        is_first = false;
        if (again) {
            all.unpaged = words_of(*page);
            request.page_size = 0;
            continue;
        }
        all.code = page->code;
        all.diagnostic = page->diagnostic;
        all.referral = page->referral;
        all.server = page->server;
        const bool limit = is_limit(page->code);
        if (limit || page->cut_off) {
            all.cut_off = true;
            all.cut_off_by = limit ? words_of(*page) : too_many_for_us;
        }
        all.elsewhere += asked.keep(page->entries);
        if (page->code == LDAP_SUCCESS || limit) wants_more = on_page(std::move(page->entries));
        if (page->code != LDAP_SUCCESS) page->page_cookie.clear();
        request.page_cookie = std::move(page->page_cookie);
    } while (again || (!request.page_cookie.empty() && wants_more));
    if (!failed && !request.page_cookie.empty()) {
        all.cut_off = true;
        all.cut_off_by = ended_by_asker;
        connection->close();  // the server would hold the rest of the pages for it
    }
    pages_->give_back(connection);
    if (failed) co_return *std::move(failed);
    if (all.cut_off) all.code = LDAP_SUCCESS;
    co_return all;
}

}  // namespace kommpass::directory
