#pragma once

#include "idp/api/shape.hpp"

// The values that requests carry, each with its name in the OpenAPI document. References are to
// objects that live as long as the program.
namespace kommpass::idp::api::shapes {

[[nodiscard]] const shape& reason();        // why something is done: 1 to 500 characters
[[nodiscard]] const shape& short_reason();  // the same where 300 are kept
[[nodiscard]] const shape& purpose();       // why somebody looks
[[nodiscard]] const shape& remark();        // a reason that may be left empty
[[nodiscard]] const shape& title();
[[nodiscard]] const shape& slug();  // a member's or application's key, a document's id
[[nodiscard]] const shape& role();  // "dms.lesen"
[[nodiscard]] const shape& client();
[[nodiscard]] const shape& person();
[[nodiscard]] const shape& login_name();
[[nodiscard]] const shape& document();  // "mappings/lebus-meldeamt"
[[nodiscard]] const shape& id();        // of a review or a job
[[nodiscard]] const shape& digest();
[[nodiscard]] const shape& day();
[[nodiscard]] const shape& month();
[[nodiscard]] const shape& number();    // of a revision, a record or an item
[[nodiscard]] const shape& position();  // as `number`, and 0 for the beginning
[[nodiscard]] const shape& event();
[[nodiscard]] const shape& language();
[[nodiscard]] const shape& review_answer();
[[nodiscard]] const shape& truth();
[[nodiscard]] const shape& members();  // a list of slugs
[[nodiscard]] const shape& clients();  // a list of client ids
[[nodiscard]] const shape& name();
[[nodiscard]] const shape& other_name();  // may be empty: there is none
[[nodiscard]] const shape& domains();
[[nodiscard]] const shape& contact();

// What is entered of a directory.
[[nodiscard]] const shape& vendor();
[[nodiscard]] const shape& transport();
[[nodiscard]] const shape& group_model();
[[nodiscard]] const shape& servers();
[[nodiscard]] const shape& certificate();
[[nodiscard]] const shape& distinguished_name();
[[nodiscard]] const shape& bind_password();
[[nodiscard]] const shape& filter();
[[nodiscard]] const shape& attributes();
[[nodiscard]] const shape& lockout_threshold();
[[nodiscard]] const shape& lockout_minutes();

// Documents of the registry, as `GET` shows them and `PUT` takes them.
[[nodiscard]] const shape& mapping_document();
[[nodiscard]] const shape& constraint_document();
[[nodiscard]] const shape& client_document();
[[nodiscard]] const shape& role_document();

// Headers.
[[nodiscard]] const shape& if_match();
[[nodiscard]] const shape& idempotency_key();
[[nodiscard]] const shape& purpose_header();  // ASCII, as headers are

}  // namespace kommpass::idp::api::shapes
