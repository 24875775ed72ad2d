#pragma once

#include "config/vocabulary/base64url.hpp"
#include "idp/jose/signing_key.hpp"
#include "tests/support/test_idp.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <functional>
#include <string>

namespace kommpass::tests {

// The groupware with a key for its requests, named "r1".
struct signing_client {
    static constexpr auto web = "groupware-web";
    static constexpr auto callback = "https://groupware-web.example/callback";
    using change = std::function<void(boost::json::object&)>;

    explicit signing_client(bool must_sign = false) {
        idp.change_registry([&](policies::registry& all) {
            auto& one = all.applications.at(application_key("groupware")).clients.at(0);
            auto jwk = key.to_public_jwk();
            jwk["kid"] = "r1";
            one.jwks =
                boost::json::serialize(boost::json::object{{"keys", boost::json::array{jwk}}});
            one.request_object_alg = signing_algorithm::ps256;
            one.require_signed_request_object = must_sign;
        });
    }

    [[nodiscard]] boost::json::object claims() const {
        const auto now = to_unix_seconds(idp.time.now());
        return {{"iss", web},
                {"aud", "https://idp.example"},
                {"nbf", now},
                {"exp", now + 300},
                {"client_id", web},
                {"response_type", "code"},
                {"redirect_uri", callback},
                {"scope", "openid profile"},
                {"state", "inside"},
                {"nonce", "nonce-inside"},
                {"code_challenge", test_idp::challenge},
                {"code_challenge_method", "S256"}};
    }
    std::string sign(const boost::json::object& payload,
                     const std::string& header = R"({"alg":"PS256","kid":"r1"})") const {
        return sign_by(key, payload, header);
    }
    static std::string sign_by(const idp::jose::signing_key& one,
                               const boost::json::object& payload, const std::string& header) {
        const auto part =
            base64url::encode(header) + "." + base64url::encode(boost::json::serialize(payload));
        return part + "." + base64url::encode(one.sign(part));
    }
    std::string object(const change& alter = {}) const {
        auto payload = claims();
        if (alter) alter(payload);
        return sign(payload);
    }
    answer push(const std::string& jws) {
        return idp.call_as(web, "/par", {{"client_id", web}, {"request", jws}});
    }
    answer come_with(const std::string& jws, const fields& more = {}) {
        fields query{{"client_id", web}, {"request", jws}};
        query.insert(query.end(), more.begin(), more.end());
        return idp.get("/authorize", query);
    }
    answer come_pushed(const answer& pushed) {
        return idp.get("/authorize",
                       {{"client_id", web}, {"request_uri", pushed.text("request_uri")}});
    }
    answer finish(const answer& page) { return idp.fill_in(page, "anna.noack", "Spreewald-7"); }

    test_idp idp;
    idp::jose::signing_key key = idp::jose::signing_key::generate(idp::jose::algorithm::ps256);
};

}  // namespace kommpass::tests
