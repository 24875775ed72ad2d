#include "idp/oauth/member_names.hpp"
#include "config/vocabulary/utf8.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kommpass;
    static const policies::member lebus = [] {
        policies::member one;
        one.slug = member_slug("lebus");
        one.domains = {"amt-lebus.example"};
        return one;
    }();
    identity who;
    who.member = lebus.slug;
    who.login_name = who.mail = std::string(as_text(data, size));
    // Whatever the directory says, an application hears of this member alone.
    const auto name = idp::oauth::unique_name(who, lebus);
    promise(name.empty() || name.ends_with("@amt-lebus.example"));
    const auto mail = idp::oauth::mail_for(who, lebus, policies::foreign_mail::unverified);
    promise(!mail || mail->verified == mail->address.ends_with("@amt-lebus.example"));
    const auto shown = idp::oauth::shown_text(who.mail);
    promise(is_utf8(shown) && shown.find_first_of("\r\n") == std::string::npos);
    return 0;
}
