#pragma once

#include "tests/support/test_idp.hpp"

#include <map>
#include <string>
#include <vector>

namespace kommpass::tests::attacks {

struct form_field {
    std::string name;
    std::string value;
    std::string type;  // "hidden", "text", "password", "select", "textarea", ...
};
struct page_form {
    std::string action;
    bool posts = false;
    std::vector<form_field> inputs;
    std::vector<form_field> buttons;

    [[nodiscard]] form_field* input(std::string_view name);
    [[nodiscard]] const form_field* button(std::string_view value_start) const;
    [[nodiscard]] fields filled_in(const form_field* pressed) const;
};
// What a browser makes of a page of ours: its forms, and where its links lead within the service.
[[nodiscard]] std::vector<page_form> forms_of(const std::string& html);
[[nodiscard]] std::vector<std::string> links_of(const std::string& html);

using cookie_jar = std::map<std::string, std::string>;

// One browser, with cookies of its own.
class visitor {
public:
    visitor(test_idp& idp, cookie_jar& cookies) : idp_(idp), cookies_(cookies) {}

    // Follows redirects within the service, as far as the first page or address elsewhere.
    answer visit(const std::string& address);
    answer submit(const page_form&, const fields& filled_in);

private:
    answer once(const std::string& address);
    answer follow(answer got);

    test_idp& idp_;
    cookie_jar& cookies_;
};

}  // namespace kommpass::tests::attacks
