#include "idp/audit/verification.hpp"

#include "config/vocabulary/base64url.hpp"
#include "idp/audit/events.hpp"
#include "idp/jose/algorithm.hpp"
#include "idp/jose/hash.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/store/audit_chain.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <charconv>
#include <map>

namespace kommpass::idp::audit {
namespace {

constexpr std::string_view checkpoint_type = "audit+jwt";
constexpr std::size_t page = 1000;

struct signed_state {
    long long sequence = 0;
    std::string hash;
    std::string previous;  // digest of the checkpoint before; empty: there was none
};

std::optional<signed_state> state_in(std::string_view payload) {
    boost::system::error_code wrong;
    const auto parsed = boost::json::parse(payload, wrong);
    const auto* object = wrong ? nullptr : parsed.if_object();
    if (object == nullptr) return std::nullopt;
    const auto* sequence = object->if_contains("seq");
    const auto* hash = object->if_contains("hash");
    const auto* previous = object->if_contains("prev");
    if (sequence == nullptr || !sequence->is_int64() || hash == nullptr || !hash->is_string() ||
        previous == nullptr || !previous->is_string())
        return std::nullopt;
    return signed_state{sequence->as_int64(), std::string(hash->as_string()),
                        std::string(previous->as_string())};
}

// The payload of a JWS whose signature somebody else vouches for.
std::string payload_of(std::string_view jws) {
    const auto first = jws.find('.');
    const auto second = jws.find('.', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) return {};
    return base64url::decode(jws.substr(first + 1, second - first - 1)).value_or(std::string());
}

// The pseudonym of the person that was erased.
std::string erased_in(const std::string& detail_json) {
    boost::system::error_code wrong;
    const auto parsed = boost::json::parse(detail_json, wrong);
    const auto* object = wrong ? nullptr : parsed.if_object();
    const auto* pseudonym = object == nullptr ? nullptr : object->if_contains("pseudonym");
    return pseudonym != nullptr && pseudonym->is_string() ? std::string(pseudonym->as_string())
                                                          : std::string();
}

struct removal {
    std::string event;
    long long first = 0;
    long long last = 0;
};

std::optional<removal> removal_in(const std::string& detail_json) {
    boost::system::error_code wrong;
    const auto parsed = boost::json::parse(detail_json, wrong);
    const auto* object = wrong ? nullptr : parsed.if_object();
    if (object == nullptr) return std::nullopt;
    const auto text = [&](std::string_view name) {
        const auto* value = object->if_contains(name);
        return value != nullptr && value->is_string() ? std::string(value->as_string())
                                                      : std::string();
    };
    const auto number = [&](std::string_view name) {
        const auto digits = text(name);
        long long value = 0;  // of what is none: no record has it
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return value;
    };
    removal made{text("event"), number("from"), number("to")};
    if (made.event.empty()) return std::nullopt;
    return made;
}

std::string digest_of(const std::string& signature) {
    return base64url::encode(jose::sha256(signature));
}

// From the newest to the oldest: each is signed by a key that we have, or is the one that the next
// names as the one before it.
std::map<long long, signed_state> trusted(const std::vector<store::audit_checkpoint>& all,
                                          const jose::key_ring& keys,
                                          std::optional<chain_fault>& fault) {
    std::map<long long, signed_state> states;
    std::string vouched;
    for (auto at = all.rbegin(); at != all.rend(); ++at) {
        const auto own = keys.verify_own(at->signature, checkpoint_type);
        const bool by_the_next = !vouched.empty() && vouched == digest_of(at->signature);
        const auto state = own           ? state_in(*own)
                           : by_the_next ? state_in(payload_of(at->signature))
                                         : std::nullopt;
        if (!state || state->sequence != at->sequence) {
            fault = chain_fault{at->sequence, "the checkpoint there is not signed by us"};
            return states;
        }
        if (!vouched.empty() && !by_the_next) {
            fault = chain_fault{at->sequence, "a checkpoint behind it is missing or changed"};
            return states;
        }
        vouched = state->previous;
        states.emplace(at->sequence, *state);
    }
    if (!vouched.empty())
        fault = chain_fault{all.front().sequence, "a checkpoint before it is missing"};
    return states;
}

}  // namespace

std::string chain_walk::fault_of(const store::chained_audit_record& one) {
    const auto expected = report_.last + 1;
    if (report_.records > 0 && one.sequence != expected)
        return "record " + std::to_string(expected) + " is missing";
    if (one.hash.empty()) return chained_ ? "it has lost its hash" : "";
    const auto previous = chained_ ? last_hash_ : store::chain_beginning();
    if (one.previous_hash != previous) return "it does not follow the record before it";
    if (!one.removed.empty()) {
        const auto& r = one.record;
        if (!r.person.empty() || !r.client.empty() || !r.address.empty() || !r.request.empty() ||
            !r.result.empty() || !r.detail_json.empty())
            return "its content was changed";
        if (one.hash != store::chain_hash(previous, one.sequence, one.content_digest))
            return "its hash was changed";
        return {};
    }
    if (one.salt.empty()) {
        if (!one.record.address.empty()) return "its address was changed";
    } else if (one.address_digest != store::address_digest(one.salt, one.record.address)) {
        return "its address was changed";
    }
    if (one.content_digest != store::content_digest(one.record, one.address_digest))
        return "its content was changed";
    if (one.hash != store::chain_hash(previous, one.sequence, one.content_digest))
        return "its hash was changed";
    return {};
}

bool chain_walk::take(const store::chained_audit_record& one) {
    auto wrong = fault_of(one);
    if (!wrong.empty()) {
        const bool missing = report_.records > 0 && one.sequence != report_.last + 1;
        report_.fault = chain_fault{missing ? report_.last + 1 : one.sequence, std::move(wrong)};
        return false;
    }
    if (report_.records == 0) {
        report_.first = one.sequence;
        report_.from = one.record.at;
    }
    ++report_.records;
    report_.last = one.sequence;
    report_.until = one.record.at;
    if (one.hash.empty()) {
        ++report_.before_the_chain;
        return true;
    }
    chained_ = true;
    last_hash_ = one.hash;
    if (!one.removed.empty()) {
        ++report_.contents_removed;
        without_content_.emplace(one.sequence, one.record.event);
        return true;
    }
    if (one.salt.empty()) {
        ++report_.addresses_forgotten;
        without_address_.emplace(one.record.person.str(), one.sequence);
    }
    if (one.record.event == name_of(event::person_erased))
        without_address_.erase(erased_in(one.record.detail_json));
    if (one.record.event == name_of(event::content_removed)) allow_removed(one.record.detail_json);
    return true;
}

void chain_walk::allow_removed(const std::string& detail_json) {
    const auto act = removal_in(detail_json);
    if (!act) return;
    auto at = without_content_.lower_bound(act->first);
    while (at != without_content_.end() && at->first <= act->last) {
        const bool meant = at->second == act->event || at->second.starts_with(act->event + ".");
        at = meant ? without_content_.erase(at) : std::next(at);
    }
}

void chain_walk::finish() {
    if (!without_content_.empty() && !report_.fault)
        report_.fault = {without_content_.begin()->first,
                         "its content is gone, and no removal of it is recorded"};
    for (const auto& [pseudonym, sequence] : without_address_) {
        if (!report_.fault || sequence < report_.fault->sequence)
            report_.fault = {sequence, "its address is gone, and nobody was erased"};
    }
}

result<chain_report, store::store_error> verify_chain(store::store& memory,
                                                      const jose::key_ring& keys) {
    chain_walk walk;
    std::optional<chain_fault> unsigned_fault;
    std::map<long long, signed_state> states;
    auto done = memory.read_now([&](store::transaction& t) {
        states = trusted(t.audit().checkpoints(), keys, unsigned_fault);
    });
    if (!done) return done.error();
    long long after = 0;
    for (bool more = true; more;) {
        std::vector<store::chained_audit_record> records;
        done = memory.read_now(
            [&](store::transaction& t) { records = t.audit().read_chain(after, page); });
        if (!done) return done.error();
        more = records.size() == page;
        for (const auto& one : records) {
            if (!walk.take(one)) return walk.report();
            after = one.sequence;
            const auto signed_here = states.find(one.sequence);
            if (signed_here == states.end()) continue;
            if (signed_here->second.hash != base64url::encode(one.hash)) {
                walk.report().fault = {one.sequence, "it is not the record that was signed"};
                return walk.report();
            }
            ++walk.report().checkpoints;
        }
    }
    walk.finish();
    auto& report = walk.report();
    if (report.fault) return report;
    if (unsigned_fault)
        report.fault = unsigned_fault;
    else if (!states.empty() && states.rbegin()->first > report.last)
        report.fault = {report.last + 1, "the log was cut off: a later record was signed"};
    return report;
}

result<bool, store::store_error> make_checkpoint(store::store& memory, const jose::key_ring& keys,
                                                 instant now) {
    bool made = false;
    const auto done = memory.write_now([&](store::transaction& t) {
        const auto last = t.audit().last_link();
        const auto before = t.audit().checkpoints();
        made = last && !last->hash.empty() &&
               (before.empty() || before.back().sequence < last->sequence);
        if (!made) return;
        boost::json::object state;
        state["seq"] = last->sequence;
        state["hash"] = base64url::encode(last->hash);
        state["prev"] = before.empty() ? std::string() : digest_of(before.back().signature);
        state["iat"] = to_unix_seconds(now);
        t.audit().put_checkpoint({last->sequence, keys.sign(jose::algorithm::es256, checkpoint_type,
                                                            boost::json::serialize(state))});
    });
    if (!done) return done.error();
    return made;
}

}  // namespace kommpass::idp::audit
