#include "idp/admin/own_mailbox.hpp"

#include "idp/oauth/member_names.hpp"

namespace kommpass::idp::admin {

std::string own_mailbox(const identity& who, const policies::member& of) {
    auto mail = oauth::mail_for(who, of, policies::foreign_mail::omit);
    return mail ? std::move(mail->address) : std::string();
}

}  // namespace kommpass::idp::admin
