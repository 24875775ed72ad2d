#include "idp/oauth/back_channel_logout.hpp"

#include "idp/jose/key_ring.hpp"
#include "idp/oauth/logout_token.hpp"
#include "idp/oauth/subject.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <vector>

namespace kommpass::idp::oauth {
namespace {

namespace json = boost::json;
using boost::asio::awaitable;
using tasks::delivery;

std::string text_in(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

// Entries of an earlier release say less: what is missing is nobody to tell.
json::object payload_of(const store::outbox_entry& entry) {
    boost::system::error_code broken;
    auto parsed = json::parse(entry.payload_json, broken);
    return !broken && parsed.is_object() ? std::move(parsed.as_object()) : json::object();
}

struct letter {
    std::string lane;
    std::string payload_json;
};

// Some lanes for each client: an end that it never takes holds up few others, and a client that
// hangs takes few of the places.
std::string lane_for(const std::string& client, std::string_view session) {
    constexpr unsigned lanes = 8;
    unsigned sum = 0;
    for (const auto c : session) sum += static_cast<unsigned char>(c);
    return client + "/" + std::to_string(sum % lanes);
}

// The subject takes the person's place: an entry may wait for long, and outlive an erasure.
std::vector<letter> letters_of(const store::outbox_entry& entry, const policies::snapshot& now,
                               const jose::key_ring& keys) {
    const auto end = payload_of(entry);
    const person_id person(text_in(end, "person"));
    const auto* clients = end.if_contains("clients");
    std::vector<letter> letters;
    if (clients == nullptr || !clients->is_array()) return letters;
    for (const auto& one : clients->as_array()) {
        if (!one.is_object()) continue;
        const auto client = text_in(one.as_object(), "client");
        const auto entry_of = now.find_client(client);
        if (entry_of.registered == nullptr || entry_of.registered->backchannel_logout_uri.empty())
            continue;
        const auto session = text_in(one.as_object(), "session");
        const json::object payload{
            {"client", client},
            {"sub", subject_for(*entry_of.registered, *entry_of.owner, person, keys)},
            {"session", session}};
        letters.push_back({lane_for(client, session), json::serialize(payload)});
    }
    return letters;
}

awaitable<delivery> hand_on(const back_channel_parts& p, const store::outbox_entry& entry) {
    const auto letters = letters_of(entry, *p.registry.get(), *p.keys.get());
    if (letters.empty()) co_return tasks::delivered{};
    auto put = [&](store::transaction& t) {
        for (const auto& one : letters)
            t.outbox().put(back_channel_logout_topic, one.lane, one.payload_json, p.time.now());
    };
    const auto kept = co_await p.memory.write(put);
    if (!kept) co_return tasks::again{"the store did not take it"};
    co_return tasks::delivered{};
}

delivery judge(const result<outgoing::called, outgoing::call_failure>& answer, instant now) {
    if (!answer) {
        if (answer.error().final) return tasks::never{answer.error().message};
        return tasks::again{answer.error().message};
    }
    const auto said = "the application answered " + std::to_string(answer->status);
    if (answer->status / 100 == 2) return tasks::delivered{};
    if (answer->status == 400) return tasks::never{said};
    tasks::again later{said};
    if (answer->retry_after.count() > 0) later.not_before = now + answer->retry_after;
    return later;
}

awaitable<delivery> tell(const back_channel_parts& p, const form_poster& post,
                         const store::outbox_entry& entry) {
    const auto what = payload_of(entry);
    const auto registry = p.registry.get();
    const auto client = registry->find_client(text_in(what, "client"));
    if (client.registered == nullptr || client.registered->backchannel_logout_uri.empty())
        co_return tasks::delivered{};
    const auto token =
        logout_token(p.issuer, *client.registered, text_in(what, "sub"), text_in(what, "session"),
                     *p.keys.get(), p.random, p.time.now());
    // A compact JWS has no character that a form escapes.
    outgoing::call call{client.registered->backchannel_logout_uri, "logout_token=" + token};
    const auto answer = co_await post(std::move(call));
    co_return judge(answer, p.time.now());
}

}  // namespace

tasks::receiver hand_on_ends(back_channel_parts parts) {
    return [parts](const store::outbox_entry& entry) { return hand_on(parts, entry); };
}

tasks::receiver tell_client(back_channel_parts parts, form_poster post) {
    return [parts, post = std::move(post)](const store::outbox_entry& entry) {
        return tell(parts, post, entry);
    };
}

}  // namespace kommpass::idp::oauth
