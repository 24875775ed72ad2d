// Whether notices would arrive.
#include "config/secret_source.hpp"
#include "config/vocabulary/randomness.hpp"
#include "idp/commands/commands.hpp"
#include "idp/commands/opening.hpp"
#include "idp/mail/smtp.hpp"
#include "idp/store/record_id.hpp"
#include "idp/web/catalogue.hpp"
#include "idp/web/language.hpp"

#include <iostream>

namespace kommpass::idp::commands {

int mail_test(const settings_file& file, const std::string& address) {
    const auto settings = open_settings(file);
    if (!settings) return 1;
    const auto& server = settings->mail;
    if (server.url.empty()) return refuse("[mail] has no url: nothing is sent");
    if (!mail::is_address(address)) return refuse("\"" + address + "\" is no mail address");
    const auto password = config::read_secret(server.password_file, server.password_env);
    if (!server.user.empty() && !password) return refuse(password.error().message);
    const auto& words = web::catalogue::of(web::language::de);
    const mail::letter one{address, words.text("notice.test_subject"),
                           words.text("notice.test") + "\n" + settings->issuer + "\n"};
    system_randomness random;
    const auto now = system_clock().now();
    const auto text = mail::encoded(one, server.from, store::new_record_id(random, now), now);
    const secret_string nothing;
    const std::atomic<bool> never{false};
    const auto sent = mail::send(server, password ? *password : nothing, address, text, never);
    if (!sent) return refuse(sent.error().message);
    std::cout << server.url << " took the letter to " << address << '\n';
    return 0;
}

}  // namespace kommpass::idp::commands
