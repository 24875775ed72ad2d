// Everybody of a member: what a simulation, a review or a re-tie goes through.
#include "directory/account_state.hpp"
#include "directory/member_client.hpp"
#include "directory/person_entry.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace kommpass::directory {

using boost::asio::awaitable;

namespace {

// Leaves most of a member's search capacity to those who sign in meanwhile.
constexpr std::size_t at_once = 8;

}  // namespace

struct member_client::reading {
    reading(const boost::asio::any_io_executor& executor, std::vector<ldap_entry> read,
            std::function<bool(const identity&, std::size_t)> take)
        : entries(std::move(read)),
          on_person(std::move(take)),
          done(executor, boost::asio::steady_timer::time_point::max()) {}
    std::vector<ldap_entry> entries;
    std::function<bool(const identity&, std::size_t)> on_person;
    boost::asio::steady_timer done;
    std::size_t next = 0;
    std::size_t workers = 0;
    bool cancelled = false;
    std::optional<directory_failure> failed;
};

awaitable<void> member_client::complete_persons(std::shared_ptr<reading> work) {
    while (work->next < work->entries.size() && !work->failed && !work->cancelled) {
        auto entry = std::move(work->entries[work->next++]);
        auto who = co_await complete(std::move(entry), deadline_from_now());
        if (!who)
            work->failed = who.error();
        else if (!work->cancelled && !work->on_person(*who, work->entries.size()))
            work->cancelled = true;
    }
    if (--work->workers == 0) work->done.cancel();
}

awaitable<result<void, look_up_failure>> member_client::read_entries(
    std::function<void(ldap_entry&)> on_entry) {
    search_request request;
    request.base = settings_->person_base;
    request.filter = settings_->person_filter;
    request.attributes = person_attributes_;
    std::size_t came = 0;
    member_connections::page_handler on_page = [&](std::vector<ldap_entry> page) {
        came += page.size();
        for (auto& entry : page) on_entry(entry);
        return true;
    };
    auto answer = co_await connections_->for_each_page(std::move(request), std::move(on_page),
                                                       settings_->deadline);
    if (!answer) co_return told(answer.error());
    const auto whose = "persons below " + settings_->person_base + ": ";
    if (answer->code != LDAP_SUCCESS)
        co_return told({trouble::misconfigured, whose + words_of(*answer)});
    if (answer->cut_off) {
        // Shown to people in any language: a number, and the server's words.
        co_return look_up_failure{look_up_error::cut_off,
                                  std::to_string(came) + ", " + answer->cut_off_by};
    }
    co_return result<void, look_up_failure>();
}

// An entry without an id is nobody who could ever sign in, and is left out.
awaitable<result<void, look_up_failure>> member_client::read_persons(
    std::function<void(const identity&)> on_person) {
    const auto self = shared_from_this();
    std::function<void(ldap_entry&)> on_entry = [&](ldap_entry& entry) {
        if (const auto who = identity_of(entry, slug_, *settings_)) on_person(*who);
    };
    co_return co_await read_entries(std::move(on_entry));
}

awaitable<result<void, look_up_failure>> member_client::read_identities(
    std::function<bool(const identity&, std::size_t of)> on_person) {
    const auto self = shared_from_this();
    std::vector<ldap_entry> entries;
    const auto now = time_.now();
    std::function<void(ldap_entry&)> on_entry = [&](ldap_entry& entry) {
        const auto standing = state_of(entry, settings_->vendor, now).standing;
        if (standing == account_standing::active && !id_of(entry, *settings_).empty())
            entries.push_back(std::move(entry));
    };
    const auto read = co_await read_entries(std::move(on_entry));
    if (!read && read.error().error != look_up_error::cut_off) co_return read;
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto work = std::make_shared<reading>(executor, std::move(entries), std::move(on_person));
    work->workers = at_once;
    for (std::size_t i = 1; i < at_once; ++i) {
        boost::asio::co_spawn(
            executor, [self, work]() -> awaitable<void> { co_await self->complete_persons(work); },
            boost::asio::detached);
    }
    co_await complete_persons(work);
    if (work->workers > 0) {
        boost::system::error_code woken;
        co_await work->done.async_wait(
            boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    }
    if (work->failed) co_return told(*work->failed);
    if (work->cancelled)
        co_return look_up_failure{look_up_error::cut_off, "the asker ended the reading"};
    co_return read;
}

}  // namespace kommpass::directory
