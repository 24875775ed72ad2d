#include "idp/jose/key_ring.hpp"

#include "config/vocabulary/base64url.hpp"
#include "idp/jose/compact_jws.hpp"
#include "idp/jose/foreign_jwt.hpp"
#include "idp/jose/held_signatures.hpp"
#include "idp/jose/kept_keys.hpp"
#include "idp/jose/key_file.hpp"
#include "idp/jose/sealing.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <future>
#include <map>

namespace kommpass::idp::jose {
namespace {

constexpr std::array every_algorithm{algorithm::es256, algorithm::rs256, algorithm::ps256,
                                     algorithm::eddsa, algorithm::ed25519};
constexpr std::array<std::string_view, 5> every_type{"JWT", "at+jwt", "logout+jwt", "audit+jwt",
                                                     "token-introspection+jwt"};

std::string encoded_header(const kept_key& kept, std::string_view typ) {
    const boost::json::object header{
        {"alg", name_of(kept.info.algorithm)}, {"typ", typ}, {"kid", kept.info.kid}};
    return base64url::encode(boost::json::serialize(header));
}

std::string jwks_of(const std::vector<kept_key>& keys) {
    boost::json::array list;
    for (const auto& kept : keys) {
        auto jwk = kept.key.to_public_jwk();
        jwk["kid"] = kept.info.kid;
        jwk["use"] = "sig";
        jwk["alg"] = name_of(kept.info.algorithm);
        list.push_back(std::move(jwk));
    }
    return boost::json::serialize(boost::json::object{{"keys", std::move(list)}});
}

class kept_key_ring final : public key_ring {
public:
    explicit kept_key_ring(key_file file)
        : keys_(std::move(file.keys)),
          jwks_(std::make_shared<const std::string>(jwks_of(keys_))),
          sealing_(std::move(file.sealing_secret)) {
        for (const auto& kept : keys_) {
            for (const auto typ : every_type) {
                const auto header = encoded_header(kept, typ);
                by_header_.emplace(header, verifier{&kept, typ});
                if (kept.info.state == key_state::active)
                    signers_.push_back({kept.info.algorithm, typ, header, &kept});
            }
        }
    }

    std::string sign(algorithm kind, std::string_view typ,
                     std::string_view payload_json) const override {
        const auto found = std::find_if(signers_.begin(), signers_.end(), [&](const signer& one) {
            return one.kind == kind && one.typ == typ;
        });
        if (found == signers_.end()) std::terminate();  // a typ that nobody ever verifies: a bug
        std::string jws = found->header + "." + base64url::encode(payload_json);
        const auto signature = found->key->key.sign(jws);
        jws.push_back('.');
        jws.append(base64url::encode(signature));
        if (comes_back(typ)) held_.add(jws);
        return jws;
    }

    const std::shared_ptr<const std::string>& jwks_json() const noexcept override { return jwks_; }

    std::optional<std::string> verify_own(std::string_view jws,
                                          std::string_view typ) const override {
        // Every header that we ever make is known byte for byte; any other is not ours.
        const auto found = by_header_.find(jws.substr(0, jws.find('.')));
        if (found == by_header_.end() || found->second.typ != typ) return std::nullopt;
        auto parts = split_compact(jws);
        if (!parts) return std::nullopt;
        if (comes_back(typ) && held_.contains(jws)) return std::move(parts->payload);
        if (!found->second.key->key.verify(parts->signed_part, parts->signature))
            return std::nullopt;
        if (comes_back(typ)) held_.add(jws);
        return std::move(parts->payload);
    }

    std::string seal(std::string_view purpose, std::string_view plain) const override {
        return sealing_.seal(purpose, plain);
    }
    std::optional<std::string> open(std::string_view purpose,
                                    std::string_view sealed) const override {
        return sealing_.open(purpose, sealed);
    }
    std::string keyed_hash(std::string_view purpose, std::string_view message) const override {
        return sealing_.keyed_hash(purpose, message);
    }

    std::vector<key_info> list() const override {
        std::vector<key_info> all;
        for (const auto& kept : keys_) all.push_back(kept.info);
        return all;
    }

private:
    // An access token is shown to us again and again in its life, the others once at most.
    static bool comes_back(std::string_view typ) noexcept { return typ == "at+jwt"; }

    struct signer {
        algorithm kind;
        std::string_view typ;
        std::string header;
        const kept_key* key;
    };
    struct verifier {
        const kept_key* key;
        std::string_view typ;
    };

    std::vector<kept_key> keys_;
    std::shared_ptr<const std::string> jwks_;
    sealing sealing_;
    std::vector<signer> signers_;
    std::map<std::string, verifier, std::less<>> by_header_;
    // Goes with the ring: what a key signed that is no longer in it holds no more.
    mutable held_signatures held_;
};

// Nothing once it was given up.
std::optional<kept_key> make_key(algorithm kind, key_state state, instant now,
                                 const std::atomic<bool>& given_up) {
    auto key = signing_key::generate(kind, given_up);
    if (!key) return std::nullopt;
    key_info info{key->thumbprint(), kind, state, now, state == key_state::active ? now : instant{},
                  instant{}};
    return kept_key{std::move(info), *std::move(key)};
}

secret_string make_secret(randomness& random) {
    std::string bytes(32, '\0');
    random.fill(std::as_writable_bytes(std::span(bytes.data(), bytes.size())));
    return secret_string(std::move(bytes));
}

bool has(const key_file& file, algorithm kind, key_state state) {
    return std::any_of(file.keys.begin(), file.keys.end(), [&](const kept_key& kept) {
        return kept.info.algorithm == kind && kept.info.state == state;
    });
}

struct missing_key {
    algorithm kind;
    key_state state;
};

std::vector<missing_key> missing_in(const key_file& file, completeness how) {
    std::vector<missing_key> missing;
    for (const auto kind : every_algorithm) {
        for (const auto state : {key_state::active, key_state::next}) {
            const bool wanted = state == key_state::active || how == completeness::everything;
            if (wanted && !has(file, kind, state)) missing.push_back({kind, state});
        }
    }
    return missing;
}

// Gives every algorithm an active and a next key. True if one was missing; the error says that it
// was given up. The keys keep their order, whichever is made first.
result<bool, std::string> complete(key_file& file, instant now, const completion& wanted = {}) {
    static const std::atomic<bool> never{false};
    const auto& given_up = wanted.given_up != nullptr ? *wanted.given_up : never;
    const auto missing = missing_in(file, wanted.how);
    std::vector<std::future<std::optional<kept_key>>> under_way;
    for (const auto& one : missing)
        under_way.push_back(std::async(std::launch::async, make_key, one.kind, one.state, now,
                                       std::cref(given_up)));
    std::vector<std::optional<kept_key>> made;
    for (auto& one : under_way) made.push_back(one.get());
    for (auto& one : made) {
        if (!one) return std::string("given up before every key was made");
        file.keys.push_back(*std::move(one));
    }
    return !missing.empty();
}

// Retired keys whose last token has expired are published no more.
void drop_expired(key_file& file, instant now) {
    std::erase_if(file.keys, [&](const kept_key& kept) {
        return kept.info.state == key_state::retired && kept.info.published_until <= now;
    });
}

void rotate(key_file& file, algorithm kind, std::chrono::seconds longest_token_lifetime,
            instant now) {
    for (auto& kept : file.keys) {
        if (kept.info.algorithm != kind) continue;
        if (kept.info.state == key_state::active) {
            kept.info.state = key_state::retired;
            kept.info.published_until = now + longest_token_lifetime;
        } else if (kept.info.state == key_state::next) {
            kept.info.state = key_state::active;
            kept.info.activated_at = now;
        }
    }
}

// Does a change with a set; tells whether the set is another one. The error is what is wrong.
struct changing {
    key_file& file;
    instant now;

    result<bool, std::string> operator()(const completion& wanted) const {
        return complete(file, now, wanted);
    }
    result<bool, std::string> operator()(const rotation& step) const {
        for (const auto kind : every_algorithm) {
            if (!step.only || *step.only == kind)
                rotate(file, kind, step.longest_token_lifetime, now);
        }
        (void)complete(file, now);
        return true;
    }
    result<bool, std::string> operator()(const withdrawal& of) const {
        const auto found =
            std::find_if(file.keys.begin(), file.keys.end(),
                         [&](const kept_key& one) { return one.info.kid == of.kid; });
        if (found == file.keys.end())
            return "there is no key \"" + of.kid + "\"; `kommpass keys list` shows them";
        const auto gone = found->info;
        file.keys.erase(found);
        if (gone.state == key_state::active)
            rotate(file, gone.algorithm, std::chrono::seconds(0), now);
        (void)complete(file, now);
        return true;
    }
};

result<bool, key_file_error> change(const std::string& where, key_file& file,
                                    const key_change& what, instant now) {
    drop_expired(file, now);
    const auto changed = std::visit(changing{file, now}, what);
    if (!changed) return key_file_error{where + ": " + changed.error()};
    return *changed;
}

}  // namespace

result<key_set, key_file_error> changed_key_set(const std::string& where,
                                                std::optional<std::string_view> text,
                                                const key_change& what, randomness& random,
                                                instant now) {
    key_file file{secret_string(), {}};
    if (text) {
        auto parsed = parse_key_file(where, *text);
        if (!parsed) return parsed.error();
        file = std::move(*parsed);
    } else {
        file.sealing_secret = make_secret(random);
    }
    const auto changed = change(where, file, what, now);
    if (!changed) return changed.error();
    secret_string changed_text(text_of(file));
    return key_set{std::make_shared<const kept_key_ring>(std::move(file)), std::move(changed_text),
                   *changed};
}

result<key_ring_ptr, key_file_error> change_key_file(const std::string& path,
                                                     const key_change& what, randomness& random,
                                                     instant now) {
    const key_file_lock lock(path);
    auto found = read_key_file(path);
    if (!found) return found.error();
    auto file = *found ? std::move(**found) : key_file{make_secret(random), {}};
    const auto changed = change(path, file, what, now);
    if (!changed) return changed.error();
    if (*changed) {
        if (const auto written = write_key_file(path, file); !written) return written.error();
    }
    return key_ring_ptr(std::make_shared<const kept_key_ring>(std::move(file)));
}

key_ring_ptr ring_of(key_file file, instant now) {
    (void)complete(file, now);
    return std::make_shared<const kept_key_ring>(std::move(file));
}

result<key_ring_ptr, key_file_error> open_key_file(const std::string& path, randomness& random,
                                                   instant now) {
    return change_key_file(path, completion{}, random, now);
}

result<key_ring_ptr, key_file_error> rotate_key_file(const std::string& path,
                                                     std::optional<algorithm> only,
                                                     std::chrono::seconds longest_token_lifetime,
                                                     randomness& random, instant now) {
    return change_key_file(path, rotation{only, longest_token_lifetime}, random, now);
}

}  // namespace kommpass::idp::jose
