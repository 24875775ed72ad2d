#include "tests/bench/journeys.hpp"

#include "config/vocabulary/base64url.hpp"
#include "idp/jose/signing_key.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <atomic>
#include <ctime>

namespace kommpass::bench {
namespace {

constexpr std::string_view verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
constexpr std::string_view challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

std::string encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
        if (plain) {
            out.push_back(c);
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out.push_back('%');
            out.push_back(digits[byte >> 4]);
            out.push_back(digits[byte & 15]);
        }
    }
    return out;
}

std::string basic(const service_under_load& what) {
    auto text = base64url::encode(what.client + ":" + what.client_secret);
    for (auto& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
    while (text.size() % 4 != 0) text.push_back('=');
    return "Authorization: Basic " + text + "\r\n";
}

std::string between(std::string_view text, std::string_view begin, std::string_view end) {
    const auto from = text.find(begin);
    if (from == std::string_view::npos) return {};
    const auto rest = text.substr(from + begin.size());
    return std::string(rest.substr(0, rest.find_first_of(end)));
}

// Requests that several scripts send.
class requests {
public:
    explicit requests(const service_under_load& what)
        : what_(what),
          basic_(basic(what)),
          query_("/authorize?response_type=code&client_id=" + what.client +
                 "&redirect_uri=" + encoded(what.redirect_uri) +
                 "&scope=openid%20profile%20email%20offline_access&state=state-of-the-bench&nonce="
                 "nonce-of-the-bench&code_challenge=" +
                 std::string(challenge) + "&code_challenge_method=S256") {}

    [[nodiscard]] std::string authorize(const std::string& cookies) const {
        return "GET " + query_ + " HTTP/1.1\r\nHost: " + what_.host + "\r\n" +
               (cookies.empty() ? "" : "Cookie: " + cookies + "\r\n") + "\r\n";
    }
    // The same request ahead (RFC 9126), and what the browser brings then.
    [[nodiscard]] std::string push() const {
        return post("/par", query_.substr(query_.find('?') + 1), basic_);
    }
    [[nodiscard]] std::string authorize_pushed(const std::string& uri,
                                               const std::string& cookies) const {
        return "GET /authorize?client_id=" + what_.client + "&request_uri=" + encoded(uri) +
               " HTTP/1.1\r\nHost: " + what_.host + "\r\nCookie: " + cookies + "\r\n\r\n";
    }
    [[nodiscard]] std::string choose(const std::string& transaction,
                                     const std::string& cookies) const {
        return post("/sign-in", "transaction=" + transaction + "&action=choose%3A" + what_.member,
                    "Cookie: " + cookies + "\r\n");
    }
    [[nodiscard]] std::string sign_in(const std::string& transaction, const std::string& cookies,
                                      unsigned person) const {
        const auto number = std::to_string(person);
        return post("/sign-in",
                    "transaction=" + transaction + "&username=user" + number +
                        "&password=Kennwort-" + number + "&action=sign-in",
                    "Cookie: " + cookies + "\r\n");
    }
    // The page that a form leads to.
    [[nodiscard]] std::string page(const std::string& address, const std::string& cookies) const {
        return "GET " + address + " HTTP/1.1\r\nHost: " + what_.host + "\r\nCookie: " + cookies +
               "\r\n\r\n";
    }
    [[nodiscard]] std::string redeem(const std::string& code, const std::string& proof) const {
        return post("/token",
                    "grant_type=authorization_code&code=" + code + "&redirect_uri=" +
                        encoded(what_.redirect_uri) + "&code_verifier=" + std::string(verifier),
                    basic_ + proof);
    }
    // `proof`: a header, or nothing.
    [[nodiscard]] std::string refresh(const std::string& token, const std::string& proof) const {
        return post("/token", "grant_type=refresh_token&refresh_token=" + token, basic_ + proof);
    }
    [[nodiscard]] std::string credentials() const {
        return post("/token", "grant_type=client_credentials", basic_);
    }
    [[nodiscard]] const service_under_load& what() const { return what_; }

private:
    [[nodiscard]] std::string post(std::string_view path, const std::string& body,
                                   const std::string& header) const {
        return "POST " + std::string(path) + " HTTP/1.1\r\nHost: " + what_.host + "\r\n" + header +
               "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
               std::to_string(body.size()) + "\r\n\r\n" + body;
    }

    service_under_load what_;
    std::string basic_;
    std::string query_;
};

unsigned next_person(unsigned people) {
    static std::atomic<unsigned> last{0};
    return last.fetch_add(1, std::memory_order_relaxed) % people;
}

// From the authorization request to the tokens; what follows differs.
class journey : public script {
public:
    explicit journey(std::shared_ptr<const requests> say) : say_(std::move(say)) {}

    std::string_view next_request() override {
        switch (step_) {
            case step::push:
                request_ = say_->push();
                break;
            case step::authorize:
                request_ = request_uri_.empty() ? say_->authorize(session_)
                                                : say_->authorize_pushed(request_uri_, session_);
                break;
            case step::choose:
                request_ = say_->choose(transaction_, browser_);
                break;
            case step::sign_in:
                request_ = say_->sign_in(transaction_, browser_, next_person(say_->what().people));
                break;
            case step::chosen:
            case step::arrive:
                request_ = say_->page(address_, step_ == step::arrive ? new_session_ : browser_);
                break;
            case step::redeem:
                request_ = say_->redeem(code_, proof());
                break;
            case step::refresh:
                request_ = say_->refresh(refresh_token_, proof());
                break;
        }
        return request_;
    }

    outcome answered(const answer& got) override {
        switch (step_) {
            case step::push:
                return after_push(got);
            case step::authorize:
                return after_authorize(got);
            case step::choose:
                return take_address(got, step::chosen);
            case step::chosen:
                return take_page(got, step::sign_in);
            case step::sign_in:
                return after_sign_in(got);
            case step::arrive:
                return take_code(got, "refresh", 200);
            case step::redeem:
                return after_redeem(got);
            case step::refresh:
                return after_refresh(got);
        }
        return outcome::failed;
    }

protected:
    [[nodiscard]] const service_under_load& say() const { return say_->what(); }
    enum class step { push, authorize, choose, chosen, sign_in, arrive, redeem, refresh };
    virtual outcome have_tokens() = 0;
    virtual outcome have_code() {
        step_ = step::redeem;
        return outcome::goes_on;
    }
    // A header for the token endpoint that shows a key; empty: none.
    virtual std::string proof() { return {}; }

    step step_ = step::authorize;
    std::string session_;  // cookies of somebody who is signed in; empty: begin anew
    std::string new_session_;

private:
    outcome after_push(const answer& got) {
        request_uri_ = between(got.body, "\"request_uri\":\"", "\"");
        if (got.status != 201 || request_uri_.empty()) return outcome::failed;
        step_ = step::authorize;
        return outcome::goes_on;
    }
    outcome after_authorize(const answer& got) {
        if (got.status == 303) return take_code(got, "location", 303);
        browser_ = "__Host-kommpass-browser=" +
                   between(got.header("set-cookie"), "__Host-kommpass-browser=", ";");
        return take_page(got, step::choose);
    }
    outcome take_address(const answer& got, step next) {
        address_ = std::string(got.header("location"));
        const bool led = got.status == 303 && address_.starts_with("/sign-in?page=");
        step_ = led ? next : step::authorize;
        return led ? outcome::goes_on : outcome::failed;
    }
    outcome take_page(const answer& got, step next) {
        transaction_ = between(got.body, "name=\"transaction\" value=\"", "\"");
        const bool shown = got.status == 200 && !transaction_.empty();
        step_ = shown ? next : step::authorize;
        return shown ? outcome::goes_on : outcome::failed;
    }
    outcome after_sign_in(const answer& got) {
        new_session_ = browser_ + "; __Host-kommpass-session=" +
                       between(got.head, "__Host-kommpass-session=", ";");
        return take_address(got, step::arrive);
    }
    outcome take_code(const answer& got, std::string_view header, unsigned status) {
        code_ = between(got.header(header), "code=", "&");
        if (got.status != status || code_.empty()) {
            step_ = step::authorize;
            return outcome::failed;
        }
        return have_code();
    }
    outcome after_redeem(const answer& got) {
        step_ = step::authorize;
        if (got.status != 200) return outcome::failed;
        refresh_token_ = between(got.body, "\"refresh_token\":\"", "\"");
        if (refresh_token_.empty() || got.body.find("\"id_token\"") == std::string_view::npos)
            return outcome::failed;
        return have_tokens();
    }
    outcome after_refresh(const answer& got) {
        if (got.status != 200) {
            step_ = step::authorize;
            return outcome::failed;
        }
        refresh_token_ = between(got.body, "\"refresh_token\":\"", "\"");
        return outcome::journey_done;
    }

    std::shared_ptr<const requests> say_;
    std::string request_;
    std::string transaction_;
    std::string browser_;
    std::string address_;
    std::string code_;
    std::string request_uri_;  // of a pushed request; empty: none
    std::string refresh_token_;
};

class first_sign_in final : public journey {
public:
    using journey::journey;
    outcome have_tokens() override { return outcome::journey_done; }
};

class signing_on final : public journey {
public:
    using journey::journey;
    outcome have_tokens() override {
        const bool was_first = session_.empty();
        if (was_first) session_ = new_session_;
        return was_first ? outcome::goes_on : outcome::journey_done;
    }
};

class refreshing final : public journey {
public:
    using journey::journey;
    outcome have_tokens() override {
        step_ = step::refresh;
        return outcome::goes_on;
    }
};

// With a DPoP proof (RFC 9449) in each request to the token endpoint; all clients share one key.
class refreshing_with_a_key final : public journey {
public:
    using journey::journey;
    outcome have_tokens() override {
        step_ = step::refresh;
        return outcome::goes_on;
    }
    std::string proof() override {
        static const auto key = idp::jose::signing_key::generate(idp::jose::algorithm::es256);
        static const auto header = base64url::encode(boost::json::serialize(boost::json::object{
            {"typ", "dpop+jwt"}, {"alg", "ES256"}, {"jwk", key.to_public_jwk()}}));
        static std::atomic<unsigned long long> count{0};
        const boost::json::object claims{{"jti", std::to_string(count.fetch_add(1))},
                                         {"htm", "POST"},
                                         {"htu", say().issuer + "/token"},
                                         {"iat", static_cast<long long>(std::time(nullptr))}};
        const auto part = header + "." + base64url::encode(boost::json::serialize(claims));
        return "DPoP: " + part + "." + base64url::encode(key.sign(part)) + "\r\n";
    }
};

// Down to the code, again and again, with the session of one sign-in.
template <bool Pushes>
class authorizing final : public journey {
public:
    using journey::journey;
    outcome have_code() override {
        const bool was_first = session_.empty();
        if (was_first) session_ = new_session_;
        step_ = Pushes ? step::push : step::authorize;
        return was_first ? outcome::goes_on : outcome::journey_done;
    }
    outcome have_tokens() override { return outcome::failed; }
};

template <class Journey>
script_maker maker_of(const service_under_load& what) {
    auto say = std::make_shared<const requests>(what);
    return [say](unsigned) { return std::make_unique<Journey>(say); };
}

}  // namespace

script_maker first_sign_ins(const service_under_load& what) {
    return maker_of<first_sign_in>(what);
}
script_maker single_sign_on(const service_under_load& what) { return maker_of<signing_on>(what); }
script_maker authorizations(const service_under_load& what) {
    return maker_of<authorizing<false>>(what);
}
script_maker pushed_authorizations(const service_under_load& what) {
    return maker_of<authorizing<true>>(what);
}
script_maker refreshes(const service_under_load& what) { return maker_of<refreshing>(what); }
script_maker refreshes_with_a_key(const service_under_load& what) {
    return maker_of<refreshing_with_a_key>(what);
}
script_maker client_credentials(const service_under_load& what) {
    return repeat(requests(what).credentials());
}

}  // namespace kommpass::bench
