// Every active person of a member with their groups: what a simulation or a review judges.
#include "directory/account_state.hpp"
#include "directory/member_client.hpp"

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

awaitable<result<bool, look_up_failure>> member_client::read_identities(
    std::function<bool(const identity&, std::size_t)> on_person) {
    const auto self = shared_from_this();
    std::vector<ldap_entry> entries;
    search_request request;
    request.base = settings_->person_base;
    request.filter = settings_->person_filter;
    request.attributes = person_attributes_;
    for (const auto& name : profile_of(settings_->vendor).state_attributes)
        request.attributes.push_back(name);
    const auto now = time_.now();
    member_connections::page_handler on_page = [&](std::vector<ldap_entry> page) {
        for (auto& entry : page) {
            if (state_of(entry, settings_->vendor, now).standing == account_standing::active)
                entries.push_back(std::move(entry));
        }
        return true;
    };
    auto answer = co_await connections_->for_each_page(std::move(request), std::move(on_page),
                                                       settings_->deadline);
    if (!answer) co_return told(answer.error());
    if (answer->code != LDAP_SUCCESS) {
        const std::string why = ldap_err2string(answer->code);
        co_return told(
            {trouble::misconfigured, "persons below " + settings_->person_base + ": " + why});
    }
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
    co_return !answer->cut_off && !work->cancelled;
}

}  // namespace kommpass::directory
