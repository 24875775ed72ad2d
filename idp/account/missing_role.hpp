#pragma once

#include "config/vocabulary/language.hpp"
#include "idp/oauth/authorization_flow.hpp"

namespace kommpass::idp::admin {
struct operation_services;
}

namespace kommpass::idp::account {

// Tells somebody who may not use an application for want of a role which roles there are, who gives
// them at their member, where they can ask for one, and prepares a letter.
class missing_role final : public oauth::missing_role_help {
public:
    explicit missing_role(const admin::operation_services& operations) : operations_(operations) {}
    void add_to(web::error_page&, const policies::snapshot&, const policies::application&,
                const sessions::signed_in&, language) const override;

private:
    const admin::operation_services& operations_;
};

}  // namespace kommpass::idp::account
