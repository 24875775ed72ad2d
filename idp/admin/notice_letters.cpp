#include "idp/admin/notice_letters.hpp"

#include "config/secret_source.hpp"
#include "config/settings.hpp"
#include "config/vocabulary/randomness.hpp"
#include "directory/sign_in.hpp"
#include "idp/admin/directory_findings.hpp"
#include "idp/admin/notices.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/own_mailbox.hpp"
#include "idp/mail/smtp.hpp"
#include "idp/observe/log.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/notices.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/record_id.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "idp/web/catalogue.hpp"
#include "idp/web/language.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;

constexpr auto try_again_after = std::chrono::minutes(5);
// Longer than anything stays worth a letter, so that nothing is told twice.
constexpr auto forget_after = std::chrono::days(400);
constexpr auto refusals_are_told_for = std::chrono::days(14);
constexpr std::size_t most_refusals = 1000;
constexpr auto far_off = instant(std::chrono::days(365 * 200));

std::vector<std::pair<member_slug, std::chrono::seconds>> silent_directories(
    const operation_context& p, const policies::registry& registry) {
    std::vector<std::pair<member_slug, std::chrono::seconds>> silent;
    for (const auto& [slug, member] : registry.members) {
        if (!member.active) continue;
        if (const auto time = p.directories.silent_for(slug); time.count() > 0)
            silent.emplace_back(slug, time);
    }
    return silent;
}

// Those that were not sent.
awaitable<std::vector<notice>> untold(operation_context& at) {
    const auto since = at.time.now() - refusals_are_told_for;
    auto refused = [since](store::transaction& t) {
        return t.audit().refused_requests(since, most_refusals);
    };
    auto records = co_await at.memory.read(refused);
    std::vector<notice> all;
    if (!records) co_return all;
    const auto registry = at.registry.get();
    const auto managers = at.found.managers.get();
    const auto certificates = at.found.certificates.get();
    const auto conflicts = at.found.conflicts.get();
    const auto& documents = registry->documents();
    const notice_sources sources{documents,
                                 *managers,
                                 *certificates,
                                 *conflicts,
                                 silent_directories(at, documents),
                                 std::move(*records),
                                 at.time.now()};
    all = notices_of(sources);
    std::vector<std::string> keys;
    for (const auto& one : all) keys.push_back(one.key);
    auto look = [&keys](store::transaction& t) { return t.notices().unsent(keys); };
    const auto unsent = co_await at.memory.read(look);
    if (!unsent) co_return std::vector<notice>();
    const std::set<std::string> left(unsent->begin(), unsent->end());
    std::erase_if(all, [&](const notice& one) { return !left.contains(one.key); });
    co_return all;
}

// The askers' addresses, as their directories say now; who has none of their member's domains is
// not written to.
awaitable<void> find_addresses(operation_context& at, std::vector<notice>& all) {
    const auto registry = at.registry.get();
    for (auto& one : all) {
        if (one.asker.empty()) continue;
        auto find = [id = one.asker](store::transaction& t) { return t.persons().find(id); };
        const auto person = co_await at.memory.read(find);
        if (!person || !*person) continue;
        if (at.registry.get()->find_active_member((*person)->member) == nullptr ||
            at.directories.silent_for((*person)->member).count() > 0)
            continue;
        const auto who =
            co_await at.directories.look_up((*person)->member, (*person)->directory,
                                            directory::member_directories::freshness::cached);
        const auto* member = registry->find_member((*person)->member);
        if (!who || member == nullptr) continue;
        if (auto mailbox = own_mailbox(*who, *member); !mailbox.empty())
            one.to.push_back(std::move(mailbox));
    }
}

std::vector<waiting_letter> letters_on(const std::vector<notice>& all, const operation_context& p) {
    std::map<std::string, std::vector<const notice*>> by_address;
    for (const auto& one : all) {
        for (const auto& to : one.to) {
            if (mail::is_address(to)) by_address[to].push_back(&one);
        }
    }
    std::vector<waiting_letter> letters;
    for (const auto& [to, some] : by_address) {
        waiting_letter one{to, {}, {}};
        const mail::letter content{to, web::catalogue::of(web::language::de).text("notice.subject"),
                                   letter_text(some, p.settings.issuer)};
        const auto id = store::new_record_id(p.random, p.time.now());
        one.text = mail::encoded(content, p.settings.mail.from, id, p.time.now());
        for (const auto* about : some) one.keys.push_back(about->key);
        letters.push_back(std::move(one));
    }
    return letters;
}

// The keys of what arrived, or never will: a mailbox that is not there holds nothing up. Empty
// `failure`: the server took all the others.
std::vector<std::string> told_by(const std::vector<waiting_letter>& letters,
                                 const operation_services& p, outgoing_mail& outbox,
                                 const std::function<bool()>& still_ours, std::string& failure) {
    const auto& settings = p.settings.mail;
    const auto password = config::read_secret(settings.password_file, settings.password_env);
    const secret_string nothing;
    std::vector<std::string> told;
    if (!settings.user.empty() && !password) failure = password.error().message;
    for (const auto& one : letters) {
        if (outbox.stopping && failure.empty()) failure = "the service stops";
        if (failure.empty() && !still_ours()) failure = "another node has the task";
        if (!failure.empty()) break;
        const auto sent =
            mail::send(settings, password ? *password : nothing, one.to, one.text, outbox.stopping);
        if (!sent && !sent.error().no_such_mailbox) {
            failure = sent.error().message;
            break;
        }
        if (!sent)
            p.log.warning("mail.no_such_mailbox",
                          {{"domain", std::string_view(one.to).substr(one.to.find('@') + 1)},
                           {"reason", sent.error().message}});
        told.insert(told.end(), one.keys.begin(), one.keys.end());
    }
    return told;
}

// On the thread that sends. A notice counts as told once one of those whom it is for has it.
void send_all(const operation_services& p, outgoing_mail& outbox,
              const std::vector<waiting_letter>& letters, const std::function<bool()>& still_ours) {
    std::string failure;
    const auto told = told_by(letters, p, outbox, still_ours, failure);
    const auto forget = p.time.now() + forget_after;
    const auto noted =
        p.memory.write_now([&](store::transaction& t) { t.notices().mark_sent(told, forget); });
    if (!noted) failure = "the store does not answer";
    if (failure.empty())
        p.log.info("mail.sent", {{"letters", letters.size()}});
    else
        p.log.warning("mail.not_sent", {{"reason", failure}});
    outbox.again_at = failure.empty() ? instant() : p.time.now() + try_again_after;
}

}  // namespace

awaitable<std::vector<waiting_letter>> waiting_letters(operation_context& at) {
    auto all = co_await untold(at);
    co_await find_addresses(at, all);
    co_return letters_on(all, at);
}

awaitable<void> send_notices(operation_context& at, outgoing_mail& outbox,
                             std::function<bool()> still_ours) {
    if (at.settings.mail.url.empty() || at.time.now() < outbox.again_at.load()) co_return;
    auto letters = co_await waiting_letters(at);
    if (letters.empty()) co_return;
    outbox.again_at = far_off;
    const operation_services& services = at;
    outbox.sending.add(
        [services, &outbox, letters = std::move(letters), still_ours = std::move(still_ours)] {
            send_all(services, outbox, letters, still_ours);
        });
}

}  // namespace kommpass::idp::admin
