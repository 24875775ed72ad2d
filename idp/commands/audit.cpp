#include "config/vocabulary/base64url.hpp"
#include "config/vocabulary/local_day.hpp"
#include "config/vocabulary/randomness.hpp"
#include "idp/audit/verification.hpp"
#include "idp/commands/commands.hpp"
#include "idp/commands/opening.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/keys/key_place.hpp"
#include "idp/registry/registry_watch.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <fmt/chrono.h>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <iostream>
#include <set>
#include <sstream>

namespace kommpass::idp::commands {
namespace {

constexpr std::size_t page = 1000;

std::string text_of(instant at) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", seconds, (at - seconds).count());
}

// "2026-11-01" or "2026-11-01T07:30:00Z"; nothing for other text, nor for a day that no calendar
// has.
std::optional<instant> instant_in(const std::string& text) {
    if (!parse_day(text.substr(0, 10))) return std::nullopt;
    for (const auto* form : {"%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d"}) {
        std::tm parts{};
        const char* end = ::strptime(text.c_str(), form, &parts);
        if (end != nullptr && *end == '\0') return from_unix_seconds(::timegm(&parts));
    }
    return std::nullopt;
}

// The records that a question is about.
struct audit_filter {
    std::optional<instant> from;
    std::optional<instant> until;
    std::string member;
    std::string event;
    std::optional<std::string> pseudonym;
    std::optional<std::set<client_id>> clients;

    [[nodiscard]] bool wants(const store::audit_record& r) const {
        return (!from || r.at >= *from) && (!until || r.at < *until) &&
               (member.empty() || r.member.view() == member) &&
               (event.empty() || r.event == event || r.event.starts_with(event + ".")) &&
               (!pseudonym || r.person.view() == *pseudonym) &&
               (!clients || clients->contains(r.client));
    }
};

void print(const store::chained_audit_record& one) {
    const auto& r = one.record;
    boost::json::object line;
    line["sequence"] = one.sequence;
    line["at"] = text_of(r.at);
    line["event"] = r.event;
    line["result"] = r.result;
    const auto add = [&](const char* name, std::string_view value) {
        if (!value.empty()) line[name] = value;
    };
    add("member", r.member.view());
    add("person", r.person.view());
    add("client", r.client.view());
    add("request", r.request);
    add("address", r.address);
    boost::system::error_code no_object;
    auto detail = boost::json::parse(r.detail_json, no_object);
    if (!no_object) line["detail"] = std::move(detail);
    if (!one.hash.empty()) line["hash"] = base64url::encode(one.hash);
    std::cout << boost::json::serialize(line) << '\n';
}

// The filter, or why there can be none.
result<audit_filter, std::string> filter_for(const audit_question& question, store::store& memory) {
    using answer = result<audit_filter, std::string>;
    audit_filter filter;
    filter.member = question.member;
    filter.event = question.event;
    const std::pair<const std::string*, std::optional<instant>*> times[] = {
        {&question.from, &filter.from}, {&question.until, &filter.until}};
    for (const auto& [text, into] : times) {
        if (text->empty()) continue;
        *into = instant_in(*text);
        if (!*into)
            return answer("\"" + *text + "\" is no time; write 2026-11-01 or 2026-11-01T07:30:00Z");
    }
    if (!question.person.empty()) {
        std::string pseudonym;
        const auto read = memory.read_now([&](store::transaction& t) {
            pseudonym = t.audit().pseudonym_of(person_id(question.person));
        });
        if (!read) return answer("the store does not answer");
        if (pseudonym.empty()) return answer("no record speaks of person " + question.person);
        filter.pseudonym = pseudonym;
    }
    if (!question.application.empty()) {
        const auto registry = registry::first_snapshot(memory, {}, system_clock().now());
        const auto* application = registry->find_application(application_key(question.application));
        if (application == nullptr)
            return answer("there is no application \"" + question.application + "\"");
        filter.clients.emplace();
        for (const auto& client : application->clients) filter.clients->insert(client.id);
    }
    return filter;
}

}  // namespace

int audit_verify(const settings_file& file) {
    const auto settings = open_settings(file);
    if (!settings) return 1;
    const auto memory = open_store(*settings);
    if (!memory) return 1;
    system_randomness random;
    const auto keys = keys::open_keys(*settings, *memory, random, system_clock().now());
    if (!keys) return refuse(keys.error());
    const auto report = audit::verify_chain(*memory, **keys);
    if (!report) return refuse("the store does not answer");
    std::cout << report->records << " records";
    if (report->records > 0) {
        std::cout << ", " << report->first << " to " << report->last << ", "
                  << text_of(report->from) << " to " << text_of(report->until);
    }
    std::cout << "\n" << report->checkpoints << " signed checkpoints fit\n";
    if (report->before_the_chain > 0)
        std::cout << report->before_the_chain << " records are older than the chain\n";
    if (report->contents_removed > 0)
        std::cout << report->contents_removed
                  << " records were emptied when their time was over, and that is recorded\n";
    if (report->addresses_forgotten > 0)
        std::cout << report->addresses_forgotten
                  << " records have lost their address with an erased person\n";
    if (!report->fault) {
        std::cout << "the log is whole\n";
        return 0;
    }
    std::cout << "NOT WHOLE: record " << report->fault->sequence << ": " << report->fault->what
              << '\n';
    return 1;
}

int audit_export(const settings_file& file, const audit_question& question) {
    const auto settings = open_settings(file);
    if (!settings) return 1;
    const auto memory = open_store(*settings);
    if (!memory) return 1;
    const auto filter = filter_for(question, *memory);
    if (!filter) return refuse(filter.error());
    long long after = 0;
    for (bool more = true; more;) {
        std::vector<store::chained_audit_record> records;
        const auto read = memory->read_now(
            [&](store::transaction& t) { records = t.audit().read_chain(after, page); });
        if (!read) return refuse("the store does not answer");
        more = records.size() == page;
        for (const auto& one : records) {
            after = one.sequence;
            if (filter->wants(one.record)) print(one);
        }
    }
    return 0;
}

}  // namespace kommpass::idp::commands
